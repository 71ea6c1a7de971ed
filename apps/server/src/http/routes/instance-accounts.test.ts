import type {
  AccountPage,
  BotWithToken,
  Credentials,
  InstanceAccount,
  InstanceLog,
  WebhookWithToken,
} from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { disable, makeAdministrator } from "../../admin/accounts.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const password = "correct horse battery";
let server: TestServer;
let admin: TestClient;
let rude: TestClient;

beforeAll(async () => {
  server = await startTestServer();
  admin = await TestClient.register(server.url, "admin");
  rude = await TestClient.register(server.url, "Rude_100");
  await makeAdministrator(server.config, "admin");
});
afterAll(() => server.cleanup());

const list = async (query: string) => (await admin.get<AccountPage>(`/api/accounts${query}`)).accounts;

test("administrators find accounts by parts of both names, page by page, and nobody else does", async () => {
  await rude.patch("/api/auth/me", { display_name: "Грубый Сосед" });
  const names = async (search: string) =>
    (await list(`?search=${encodeURIComponent(search)}`)).map(({ username }) => username);
  expect(await names("rUDE")).toEqual(["Rude_100"]);
  expect(await names("сосед")).toEqual(["Rude_100"]);
  expect(await names("_1")).toEqual(["Rude_100"]);
  expect(await names("%a")).toEqual([]);
  const first = await admin.get<AccountPage>("/api/accounts?limit=1");
  expect(first).toMatchObject({
    accounts: [{ id: rude.me.id, servers: 0, sessions: 1, is_admin: false }],
    has_more: true,
  });
  expect(await list(`?limit=1&before=${rude.me.id}`)).toMatchObject([{ id: admin.me.id, is_admin: true }]);
  expect(await rude.request("GET", "/api/accounts")).toMatchObject({ status: 403 });
  expect(await rude.request("DELETE", `/api/accounts/${admin.me.id}/sessions`)).toMatchObject({ status: 403 });
});

test("a disabled account is out at once and cannot log in, until it is enabled", async () => {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${rude.token}`);
  await socket.next("connection_established");
  const path = `/api/accounts/${rude.me.id}/disabled`;
  const disabled = (await admin.request<InstanceAccount>("PUT", path)).body;
  expect(disabled).toMatchObject({ sessions: 0, disabled_at: expect.any(String) });
  expect(await socket.closed).toMatchObject({ code: 4001 });
  expect(await rude.request("GET", "/api/auth/me")).toMatchObject({ status: 401 });
  expect((await rude.refresh()).status).toBe(401);
  const logIn = (body: object) => new TestClient(server.url).request("POST", "/api/auth/login", { body });
  expect(await logIn({ username: "rude_100", password })).toMatchObject({ status: 403, code: "account_disabled" });
  // Whoever does not know the password learns nothing.
  expect(await logIn({ username: "rude_100", password: "wrong" })).toMatchObject({ code: "invalid_credentials" });
  expect((await admin.request<InstanceAccount>("PUT", path)).body).toEqual(disabled);
  await admin.request("DELETE", path);
  expect(await logIn({ username: "rude_100", password })).toMatchObject({ status: 200 });
  expect(await admin.request("DELETE", `/api/accounts/${rude.me.id}/sessions`)).toMatchObject({
    body: { sessions: 0 },
  });
});

test("what somebody made does not work while their account is disabled", async () => {
  const maker = await TestClient.register(server.url, "maker");
  const home = await maker.createServer();
  const code = await maker.invite(home.id);
  const hook = await maker.post<WebhookWithToken>(`/api/channels/${home.channels[0]!.id}/webhooks`, { name: "Builds" });
  const guest = new TestClient(server.url);
  const joiner = await TestClient.register(server.url, "joiner");
  const write = async () =>
    (await guest.request("POST", `/api/webhooks/${hook.id}/${hook.token}`, { body: { content: "hello" } })).status;
  const look = async () => (await guest.request("GET", `/api/invites/${code}`)).status;
  const path = `/api/accounts/${maker.me.id}/disabled`;
  await admin.request("PUT", path);
  expect([await write(), await look()]).toEqual([404, 410]);
  expect(await joiner.request("POST", `/api/invites/${code}`)).toMatchObject({ code: "invite_invalid" });
  await admin.request("DELETE", path);
  expect([await write(), await look()]).toEqual([204, 200]);
});

test("an administrator makes no reset link for another one", async () => {
  await TestClient.register(server.url, "second");
  await makeAdministrator(server.config, "second");
  const linkFor = (username: string) => admin.request("POST", "/api/admin/reset-links", { body: { username } });
  expect(await linkFor("second")).toMatchObject({ status: 403, code: "forbidden" });
  expect([(await linkFor("admin")).status, (await linkFor("rude_100")).status]).toEqual([201, 201]);
  // Whoever opens it is that person from then on.
  const { entries } = await admin.get<InstanceLog>("/api/instance/log?limit=2");
  const made = entries.map(({ action, actor, user }) => [action, actor.username, user?.username]);
  expect(made).toEqual([
    ["reset_link_create", "admin", "Rude_100"],
    ["reset_link_create", "admin", "admin"],
  ]);
});

test("administrators' accounts cannot be disabled from here, nor accounts that do not exist", async () => {
  expect(await admin.request("PUT", `/api/accounts/${admin.me.id}/disabled`)).toMatchObject({ status: 403 });
  expect(await admin.request("DELETE", `/api/accounts/${admin.me.id}/sessions`)).toMatchObject({ status: 403 });
  const second = await TestClient.logIn(server.url, "second");
  await disable(server.config, "second");
  expect((await second.request("GET", "/api/auth/me")).status).toBe(401);
  const enabled = (await admin.request("DELETE", `/api/accounts/${second.me.id}/disabled`)).body;
  expect(enabled).toMatchObject({ is_admin: true, disabled_at: null });
  expect(await admin.request("PUT", "/api/accounts/999999/disabled")).toMatchObject({ status: 404 });
  expect(await rude.request("PUT", `/api/accounts/${admin.me.id}/disabled`)).toMatchObject({ status: 401 });
});

test("bots of an account that is disabled at the command line are out at once, too", async () => {
  const owner = await TestClient.register(server.url, "owner_of_bots");
  const { token } = await owner.post<BotWithToken>("/api/bots", { username: "their_bot" });
  const bot = new TestClient(server.url);
  bot.token = (await bot.request<Credentials>("POST", "/api/auth/bot", { body: { token } })).body.access_token;
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${bot.token}`);
  await socket.next("connection_established");
  await disable(server.config, "owner_of_bots");
  expect((await bot.request("GET", "/api/auth/me")).status).toBe(401);
  expect(await socket.closed).toMatchObject({ code: 4001 });
});
