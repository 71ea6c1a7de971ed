import type {
  ApplicationPage,
  Instance,
  InstanceLog,
  InstanceServerPage,
  InstanceSettings,
  ServerState,
} from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const password = "correct horse battery";
const clock = new ManualClock();
let server: TestServer;
let admin: TestClient;
let member: TestClient;

beforeAll(async () => {
  // The clock is moved by more than a connection may be silent.
  server = await startTestServer({ heartbeatIntervalMs: 300_000 }, { clock });
  admin = await TestClient.register(server.url, "admin");
  member = await TestClient.register(server.url, "member");
  await makeAdministrator(server.config, "admin");
});
afterAll(() => server.cleanup());

const register = (username: string, extra: Record<string, unknown> = {}) =>
  new TestClient(server.url).request<{ status?: string }>("POST", "/api/auth/register", {
    body: { username, email: `${username}@example.org`, password, ...extra },
  });
const logIn = (username: string, word = password) =>
  new TestClient(server.url).request<{ error?: { details?: unknown } }>("POST", "/api/auth/login", {
    body: { username, password: word },
  });
const set = (changes: Record<string, unknown>) => admin.patch<InstanceSettings>("/api/instance/settings", changes);
const queue = (query = "") => admin.get<ApplicationPage>(`/api/instance/applications${query}`);
const lastAction = async () => (await admin.get<InstanceLog>("/api/instance/log?limit=1")).entries[0];

test("none of it is for anybody else", async () => {
  const calls = ["settings", "servers", "applications", "log"].map((part) => ["GET", part] as const);
  for (const [method, part] of [...calls, ["DELETE", "announcement"] as const]) {
    expect(await member.request(method, `/api/instance/${part}`)).toMatchObject({ status: 403 });
    expect(await new TestClient(server.url).request(method, `/api/instance/${part}`)).toMatchObject({ status: 401 });
  }
  const body = { registration: "closed" };
  expect(await member.request("PATCH", "/api/instance/settings", { body })).toMatchObject({ status: 403 });
  expect(await member.request("PUT", "/api/instance/announcement", { body: { text: "x" } })).toMatchObject({
    status: 403,
  });
});

test("settings take effect at once, reach clients, are logged, and go back to those of the environment", async () => {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${member.token}`);
  await socket.next("connection_established");
  const { defaults } = await set({ registration: "closed", server_creation: "admins", max_upload_bytes: 2_048 });
  expect(defaults).toMatchObject({ registration: "open", max_upload_bytes: 26_214_400 });
  const told = await socket.next("instance_updated");
  expect(told.instance).toMatchObject({ registration: "closed", server_creation: "admins", attachment_bytes: 2_048 });
  expect(await admin.get<Instance>("/api/instance")).toMatchObject({ registration: "closed" });
  expect(await register("late")).toMatchObject({ code: "registration_closed" });
  expect(await member.request("POST", "/api/servers", { body: { name: "Mine" } })).toMatchObject({ status: 403 });
  expect(await admin.request("POST", "/api/servers", { body: { name: "Ours" } })).toMatchObject({ status: 201 });
  const big = new Uint8Array(4_096);
  expect(await member.upload(big, "big.bin")).toMatchObject({ status: 413 });
  const { actor, action, changes } = (await lastAction())!;
  expect([actor.username, action]).toEqual(["admin", "settings_update"]);
  expect(changes).toContainEqual({ field: "max_upload_bytes", before: null, after: 2_048 });
  expect(await set({ registration: null, server_creation: null, max_upload_bytes: null })).toMatchObject({
    set: { registration: null, server_creation: null, max_upload_bytes: null },
  });
  expect(await member.upload(big, "big.bin")).toMatchObject({ status: 201 });
  for (const changes of [{ max_upload_bytes: 2 ** 40 }, { registration: "sometimes" }, { messages_per_second: 0 }])
    expect(await admin.request("PATCH", "/api/instance/settings", { body: changes })).toMatchObject({ status: 400 });
});

test("a user sends as many messages as administrators allow", async () => {
  const { channels } = await member.createServer();
  const send = () => member.request("POST", `/api/channels/${channels[0]!.id}/messages`, { body: { content: "hi" } });
  await send();
  await set({ messages_per_second: 0.5 });
  expect([(await send()).status, (await send()).status]).toEqual([201, 429]);
  await set({ messages_per_second: null });
  clock.advance(1_000);
  expect((await send()).status).toBe(201);
});

test("an applicant waits without an account that works, is let in, or is refused with a word", async () => {
  await set({ registration: "approval" });
  expect(await register("carl")).toMatchObject({ status: 400, code: "invalid_request" });
  expect(await register("carl", { reason: "I know Ann." })).toMatchObject({ status: 202, body: { status: "waiting" } });
  expect(await register("dora", { reason: "Buy my things" })).toMatchObject({ status: 202 });
  expect(await logIn("carl")).toMatchObject({ status: 403, code: "approval_pending" });
  expect(await logIn("carl", "wrong")).toMatchObject({ code: "invalid_credentials" });
  const form = new URLSearchParams({ username: "carl", password });
  expect(await new TestClient(server.url).request("POST", "/api/auth/login", { body: form })).toMatchObject({
    code: "approval_pending",
  });
  const { applications, waiting } = await queue();
  expect(waiting).toBe(2);
  expect(applications).toMatchObject([
    { user: { username: "carl" }, reason: "I know Ann.", email: "carl@example.org" },
    { user: { username: "dora" } },
  ]);
  expect(await queue("?limit=1")).toMatchObject({ has_more: true });
  const [carl, dora] = applications.map(({ user }) => `/api/instance/applications/${user.id}`) as [string, string];
  expect(await member.request("PUT", carl, { body: { decision: "accept" } })).toMatchObject({ status: 403 });
  await admin.put(carl, { decision: "accept" });
  expect(await logIn("carl")).toMatchObject({ status: 200 });
  expect(await admin.request("PUT", carl, { body: { decision: "accept" } })).toMatchObject({ status: 404 });
  await admin.put(dora, { decision: "refuse", note: "No advertising." });
  const refused = await logIn("dora");
  expect([refused.code, refused.body.error?.details]).toEqual(["approval_refused", { note: "No advertising." }]);
  expect(await lastAction()).toMatchObject({ action: "application_refuse", user: { username: "dora" } });
  expect(await queue("?state=refused")).toMatchObject({ applications: [{ note: "No advertising." }], waiting: 0 });
  await admin.put(dora, { decision: "accept" });
  expect(await logIn("dora")).toMatchObject({ status: 200 });
  await set({ registration: null });
});

test("an announcement reaches clients of both versions, those that come later too, until it ends", async () => {
  const url = `${server.url.replace("http", "ws")}/ws/main?token=${member.token}`;
  const socket = new TestSocket(url);
  await socket.next("connection_established");
  const old = await OldClient.connect(server.url, "/ws/legacy/notifications", member.token!);
  await admin.put("/api/instance/announcement", { text: "Updates at nine", expires_in: 60 });
  const told = await socket.next("instance_updated");
  expect(told.instance.announcement).toMatchObject({ text: "Updates at nine", ends_at: expect.any(String) });
  await expect
    .poll(() => old.frames.findLast(({ type }) => type === "announcement"))
    .toMatchObject({
      announcement: { text: "Updates at nine" },
    });
  const greeting = await new TestSocket(url).next("connection_established");
  expect(greeting.instance?.announcement).toEqual(told.instance.announcement);
  clock.advance(61_000);
  await socket.next("instance_updated", ({ instance }) => instance.announcement === null);
  await admin.put("/api/instance/announcement", { text: "Again" });
  await admin.delete("/api/instance/announcement");
  expect(await lastAction()).toMatchObject({ action: "announcement_end" });
  const later = await new TestSocket(url).next("connection_established");
  expect(later.instance?.announcement).toBeNull();
});

test("servers are listed with what they store, by age and by size, page by page", async () => {
  const store = async (name: string, bytes: number) => {
    const { id, channels } = await member.post<ServerState>("/api/servers", { name });
    const { body } = await member.upload(new Uint8Array(bytes), "a.bin");
    await member.send(channels[0]!.id, "", { attachments: [body.id] });
    return id;
  };
  const large = await store("Большой склад", 3_000);
  const small = await store("Small", 1_000);
  const list = async (query: string) => (await admin.get<InstanceServerPage>(`/api/instance/servers${query}`)).servers;
  expect((await list("?limit=2")).map(({ id }) => id)).toEqual([small, large]);
  expect((await list("?sort=storage&limit=2")).map(({ id }) => id)).toEqual([large, small]);
  expect((await list(`?sort=storage&limit=1&after=${large}`)).map(({ id }) => id)).toEqual([small]);
  expect((await list(`?sort=storage&after=${small}`)).map(({ storage_bytes }) => storage_bytes)).not.toContain(3_000);
  expect(await list("?search=%D0%91%D0%9E%D0%9B%D0%AC")).toMatchObject([
    { id: large, owner: { username: "member" }, members: 1, channels: 2, files: 1, storage_bytes: 3_000 },
  ]);
});
