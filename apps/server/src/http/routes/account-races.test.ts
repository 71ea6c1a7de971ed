import type { Credentials, RecoveryCodes, ScheduledMessage } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.cleanup());

const post = <Body = unknown>(path: string, body: unknown, client = new TestClient(server.url)) =>
  client.request<Body>("POST", path, { body });
const logIn = (username: string, secret = password) =>
  post<Credentials>("/api/auth/login", { username, password: secret });
const isLoggedIn = async (client: TestClient) => (await client.request("GET", "/api/auth/me")).status === 200;

function holderOf({ access_token: token }: Credentials): TestClient {
  const client = new TestClient(server.url);
  client.token = token;
  return client;
}

test("no login with the old password outlives the new one, however they overlap", async () => {
  const owner = await TestClient.register(server.url, "overlap");
  const { recovery_codes: codes } = await owner.post<RecoveryCodes>("/api/auth/recovery-codes");
  const recovery = { username: "overlap", recovery_code: codes[0], new_password: "the new password" };
  const [recovered, ...entered] = await Promise.all([
    post("/api/auth/recover", recovery),
    ...[1, 2, 3, 4].map(() => logIn("overlap")),
  ]);
  expect(recovered.status).toBe(204);
  const alive = await Promise.all(
    entered.map(async ({ status, body }) => (status === 200 ? isLoggedIn(holderOf(body)) : status !== 401)),
  );
  expect(alive).toEqual([false, false, false, false]);
  expect((await logIn("overlap")).status).toBe(401);
  expect((await logIn("overlap", "the new password")).status).toBe(200);
});

test("nothing that was scheduled or changed in a stolen session goes out after a recovery that overlaps with it", async () => {
  const owner = await TestClient.register(server.url, "scheduled");
  const { recovery_codes: codes } = await owner.post<RecoveryCodes>("/api/auth/recovery-codes");
  const home = await owner.createServer();
  const schedule = (client: TestClient) =>
    client.request<ScheduledMessage>("POST", `/api/channels/${home.channels[0]!.id}/scheduled`, {
      body: { content: "from a thief", send_at: new Date(Date.now() + 3_600_000).toISOString() },
    });
  for (const [round, code] of codes.slice(0, 4).entries()) {
    const secret = round === 0 ? password : `password of round ${round - 1}`;
    const thief = holderOf((await logIn("scheduled", secret)).body);
    const { body } = await schedule(thief);
    const again = () =>
      thief.request("PATCH", `/api/me/scheduled/${body.id}`, { body: { content: "from a thief again" } });
    const recovery = { username: "scheduled", recovery_code: code, new_password: `password of round ${round}` };
    const progress = { isOver: false };
    const recovered = post("/api/auth/recover", recovery).finally(() => (progress.isOver = true));
    const calls: Promise<unknown>[] = [recovered];
    while (!progress.isOver) {
      calls.push(schedule(thief), again());
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(calls);
    const back = holderOf((await logIn("scheduled", `password of round ${round}`)).body);
    const { messages } = await back.get<{ messages: ScheduledMessage[] }>("/api/me/scheduled");
    expect(messages.filter(({ refused }) => refused === null)).toEqual([]);
    for (const { id } of messages) await back.delete(`/api/me/scheduled/${id}`);
  }
});

test("of two changes of the password at once one is refused, and the other holds", async () => {
  const clients = [await TestClient.register(server.url, "twice"), holderOf((await logIn("twice")).body)];
  const change = (new_password: string, client: TestClient) =>
    post("/api/auth/password", { current_password: password, new_password }, client);
  const chosen = ["of the first one", "of the second one"];
  const answers = await Promise.all(chosen.map((one, index) => change(one, clients[index]!)));
  const winner = answers.findIndex(({ status }) => status === 204);
  expect([403, 401]).toContain(answers[1 - winner]!.status);
  expect((await logIn("twice", chosen[winner])).status).toBe(200);
  expect((await logIn("twice", chosen[1 - winner])).status).toBe(401);
  expect(await isLoggedIn(clients[winner]!)).toBe(true);
});

test("a thief who follows each refresh of the browser is found out at the sixth", async () => {
  const client = await TestClient.register(server.url, "followed");
  const thief = new TestClient(server.url);
  const follow = async () => {
    for (const [name, value] of client.cookies) thief.cookies.set(name, value);
    expect((await client.refresh()).status).toBe(200);
    return (await thief.refresh()).status;
  };
  for (const _ of [1, 2, 3, 4, 5]) expect(await follow()).toBe(200);
  // A refresh that nobody repeats ends the row.
  expect((await client.refresh()).status).toBe(200);
  for (const _ of [1, 2, 3, 4, 5]) expect(await follow()).toBe(200);
  expect(await follow()).toBe(401);
  expect([(await client.refresh()).status, await isLoggedIn(client)]).toEqual([401, false]);
});

test("a logout with the refresh token whose successor was lost ends the session", async () => {
  const client = await TestClient.register(server.url, "offline");
  const before = new TestClient(server.url);
  for (const [name, value] of client.cookies) before.cookies.set(name, value);
  expect((await client.refresh()).status).toBe(200);
  expect((await before.request("POST", "/api/auth/logout")).status).toBe(204);
  expect(await isLoggedIn(client)).toBe(false);
});
