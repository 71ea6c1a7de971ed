import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { History, RecoveryCodes, ScheduledMessage, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const clock = new ManualClock();
const bus = new RecordingBus();
let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let home: ServerState;
let channelId: number;

beforeAll(async () => {
  server = await startTestServer({}, { clock, bus });
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
});
beforeEach(async () => {
  await Promise.all([owner.refresh(), guest.refresh()]);
  home = await owner.createServer();
  channelId = home.channels[0]!.id;
  await guest.join(await owner.invite(home.id));
});
afterAll(() => server.cleanup());

const minuteMs = 60_000;
const inMinutes = (minutes: number) => new Date(clock.now() + minutes * minuteMs).toISOString();
const schedule = (content: string, minutes = 5, extra = {}) =>
  guest.post<ScheduledMessage>(`/api/channels/${channelId}/scheduled`, {
    content,
    send_at: inMinutes(minutes),
    ...extra,
  });
const waiting = async () => (await guest.get<{ messages: ScheduledMessage[] }>("/api/me/scheduled")).messages;
const texts = async () => {
  const { messages } = await owner.get<History>(`/api/channels/${channelId}/messages`);
  return messages.map(({ author, content }) => `${author.username}: ${content}`);
};
const clear = async () => {
  for (const { id } of await waiting()) await guest.delete(`/api/me/scheduled/${id}`);
};

/** Lets time pass until the outbox has been looked at. */
async function pass(minutes: number): Promise<void> {
  clock.leap(minutes * minuteMs);
  await Promise.all([owner.refresh(), guest.refresh()]);
}

test("a message goes out at its time, once, in the name of its author, as one that was written then", async () => {
  await schedule("good morning", 5, { poll: { answers: ["tea", "coffee"] } });
  await pass(4);
  expect(await texts()).toEqual([]);
  await pass(2);
  await expect.poll(texts).toEqual(["guest: good morning"]);
  await expect.poll(waiting).toEqual([]);
  clock.advance(3_000);
  const { messages } = await owner.get<History>(`/api/channels/${channelId}/messages`);
  expect(messages).toMatchObject([{ poll: { answers: [{ text: "tea" }, { text: "coffee" }] } }]);
});

test("what waits is listed, changed and cancelled by its author alone", async () => {
  const [first, second] = [await schedule("one", 20), await schedule("two", 10)];
  expect(await waiting()).toMatchObject([{ content: "two" }, { content: "one" }]);
  const path = `/api/me/scheduled/${first.id}`;
  for (const [method, body] of [
    ["PATCH", { content: "x" }],
    ["DELETE", undefined],
  ] as const) {
    expect(await owner.request(method, path, { body })).toMatchObject({ status: 404, code: "not_found" });
  }
  await guest.patch(path, { content: "changed", send_at: inMinutes(5) });
  await guest.delete(`/api/me/scheduled/${second.id}`);
  expect(await waiting()).toMatchObject([{ content: "changed", send_at: inMinutes(5), refused: null }]);
  await pass(30);
  await expect.poll(texts).toEqual(["guest: changed"]);
});

test("rights are those of the moment at which it goes out; a refusal is told to the author, who may try again", async () => {
  await schedule("into the dark");
  const hide = { type: "role", allow: 0, deny: 1_024 };
  await owner.put(`/api/channels/${channelId}/overrides/${home.everyone_role_id}`, hide);
  await pass(6);
  await expect.poll(waiting).toMatchObject([{ refused: "not_found" }]);
  const told = bus.events(`user:${guest.me.id}`, "scheduled_changed");
  expect(told).toContainEqual({
    type: "scheduled_changed",
    refused: { channel_id: channelId, code: "not_found" },
  });
  expect(await texts()).toEqual([]);
  await owner.put(`/api/channels/${channelId}/overrides/${home.everyone_role_id}`, { ...hide, deny: 0 });
  const [{ id }] = (await waiting()) as [ScheduledMessage];
  await guest.patch(`/api/me/scheduled/${id}`, { send_at: inMinutes(1) });
  await pass(2);
  await expect.poll(texts).toEqual(["guest: into the dark"]);
});

test("nothing goes out in the name of an account that is being removed", async () => {
  const leaver = await TestClient.register(server.url, "leaver");
  await leaver.join(await owner.invite(home.id));
  const body = { content: "from beyond", send_at: inMinutes(5) };
  const { id } = await leaver.post<ScheduledMessage>(`/api/channels/${channelId}/scheduled`, body);
  const database = new DatabaseSync(join(server.config.dataDir, "miscord.db"));
  // It has no name any more, and is a member yet.
  database.prepare("update users set deleted_at = ? where id = ?").run(clock.now(), leaver.me.id);
  await pass(6);
  const refused = () => database.prepare("select refused from scheduled_messages where id = ?").get(id);
  await expect.poll(refused).toEqual({ refused: "account_disabled" });
  database.close();
  expect(await texts()).toEqual([]);
});

test("nothing goes out in the name of a bot, which could outlive its token and the disabling of its owner", async () => {
  const { id } = await schedule("from a stolen token");
  const database = new DatabaseSync(join(server.config.dataDir, "miscord.db"));
  // As it was stored when bots could do that.
  database.prepare("update users set program = 1 where id = ?").run(guest.me.id);
  await pass(6);
  const refused = () => database.prepare("select refused from scheduled_messages where id = ?").get(id);
  await expect.poll(refused).toEqual({ refused: "forbidden" });
  database.prepare("update users set program = 0 where id = ?").run(guest.me.id);
  database.close();
  expect(await texts()).toEqual([]);
  await clear();
});

test("slow mode delays a message, and does not lose it", async () => {
  await owner.patch(`/api/channels/${channelId}`, { slow_mode_s: 120 });
  await schedule("later");
  await pass(4.5);
  await guest.send(channelId, "now");
  await pass(1);
  await expect.poll(async () => (await waiting())[0]?.send_at).not.toBe(undefined);
  await expect.poll(async () => Date.parse((await waiting())[0]?.send_at ?? "") > clock.now()).toBe(true);
  await pass(3);
  await expect.poll(texts).toEqual(["guest: now", "guest: later"]);
});

test.each([
  ["to a channel that its author does not see", () => [404, 999_999, "x", inMinutes(1)]],
  ["to a time that is past", () => [400, channelId, "x", inMinutes(-1)]],
  ["to a time in two years", () => [400, channelId, "x", inMinutes(2 * 366 * 1_440)]],
  ["without words", () => [400, channelId, " \u200b", inMinutes(1)]],
] as const)("a message %s is refused", async (_name, parts) => {
  const [status, id, content, send_at] = parts();
  const body = { content, send_at };
  expect(await guest.request("POST", `/api/channels/${id}/scheduled`, { body })).toMatchObject({ status });
});

test("fifty messages wait at most, however many are scheduled at once", async () => {
  await clear();
  const all = await Promise.allSettled(Array.from({ length: 55 }, (_, index) => schedule(`${index}`, 1_000)));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
  expect(await waiting()).toHaveLength(50);
  await clear();
});

test("after a recovery of the account nothing goes out that was scheduled before, until its owner has looked at it", async () => {
  const thief = await TestClient.register(server.url, "robbed");
  await thief.join(await owner.invite(home.id));
  const { id } = await thief.post<ScheduledMessage>(`/api/channels/${channelId}/scheduled`, {
    content: "in somebody else's name",
    send_at: inMinutes(5),
  });
  const { recovery_codes: codes } = await thief.post<RecoveryCodes>("/api/auth/recovery-codes");
  const recovery = { username: "robbed", recovery_code: codes[0], new_password: "correct horse battery" };
  await new TestClient(server.url).post("/api/auth/recover", recovery);
  await pass(6);
  // What is due after it is sent.
  await schedule("in my own", 1);
  await pass(2);
  await expect.poll(texts).toEqual(["guest: in my own"]);
  const own = await TestClient.logIn(server.url, "robbed");
  const listed = await own.get<{ messages: ScheduledMessage[] }>("/api/me/scheduled");
  expect(listed.messages).toMatchObject([{ id, refused: "confirmation_required" }]);
  await own.patch(`/api/me/scheduled/${id}`, { send_at: inMinutes(1) });
  await pass(2);
  await expect.poll(texts).toEqual(["guest: in my own", "robbed: in somebody else's name"]);
});
