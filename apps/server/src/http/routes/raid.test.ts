import type { AuditLog, BulkBanAnswer, History, Role, Server, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const minuteMs = 60_000;
const clock = new ManualClock();
const inMinutes = (minutes: number) => new Date(clock.now() + minutes * minuteMs).toISOString();

let server: TestServer;
let owner: TestClient;
/** May time out, ban and manage messages. */
let moderator: TestClient;
let member: TestClient;
let newcomer: TestClient;
let late: TestClient;
let home: ServerState;
let general: number;
let code: string;

beforeAll(async () => {
  const longMs = 365 * 24 * 60 * minuteMs;
  server = await startTestServer({ accessTokenTtlMs: longMs, sessionTtlMs: longMs }, { clock });
  const register = (name: string) => TestClient.register(server.url, name);
  owner = await register("owner");
  moderator = await register("moderator");
  member = await register("member");
  newcomer = await register("newcomer");
  late = await register("late");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!.id;
  code = await owner.invite(home.id);
  for (const client of [moderator, member]) await client.join(code);
  const permissions = bitsOf("moderateMembers", "banMembers", "manageMessages");
  const crew = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "crew", permissions });
  await owner.put(`/api/servers/${home.id}/members/${moderator.me.id}/roles/${crew.id}`);
  clock.advance(60 * minuteMs);
  await newcomer.join(code);
});

async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const answer = await client.request(method, path, { body });
  return [answer.status, answer.code];
}

const raidMode = () => `/api/servers/${home.id}/raid-mode`;
const send = (client: TestClient) => refusal(client, "POST", `/api/channels/${general}/messages`, { content: "x" });
const sent = [201, undefined];
const forbidden = [403, "forbidden"];

test("raid mode lets nobody join and newcomers only read, live, until its end", async () => {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${newcomer.token}`);
  await socket.next("connection_established");
  expect(await send(newcomer)).toEqual(sent);
  const until = inMinutes(30);
  await moderator.put(raidMode(), { until, minutes: 10 });
  const { server: told } = await socket.next("server_updated");
  const since = new Date(clock.now() - 10 * minuteMs).toISOString();
  expect(told.raid_mode).toEqual({ since, until });
  expect((await newcomer.get<ServerState>(`/api/servers/${home.id}`)).raid_mode).toEqual({ since, until });
  expect(await send(newcomer)).toEqual(forbidden);
  for (const client of [member, moderator, owner]) expect(await send(client)).toEqual(sent);
  expect(await refusal(late, "POST", `/api/invites/${code}`)).toEqual([403, "joining_paused"]);
  expect(await refusal(newcomer, "GET", `/api/channels/${general}/messages`)).toEqual([200, undefined]);
  clock.advance(25 * minuteMs);
  // Whoever is held stays held when it is made longer.
  await moderator.put(raidMode(), { until: inMinutes(30), minutes: 1 });
  clock.advance(6 * minuteMs);
  expect(await send(newcomer)).toEqual(forbidden);
  clock.advance(24 * minuteMs + 1);
  expect(await send(newcomer)).toEqual(sent);
  await late.join(code);
  await socket.close();
});

test("raid mode ends by one press, is in the audit log, and is for those who may time out", async () => {
  for (const client of [member, newcomer])
    expect(await refusal(client, "PUT", raidMode(), { until: inMinutes(5) })).toEqual(forbidden);
  expect(await refusal(late, "PUT", raidMode(), { until: inMinutes(5) })).toEqual([404, "not_found"]);
  for (const until of [inMinutes(-1), inMinutes(1_441)])
    expect(await refusal(owner, "PUT", raidMode(), { until })).toEqual([400, "invalid_request"]);
  const until = inMinutes(5);
  await owner.put(raidMode(), { until });
  const ended = await owner.request<Server>("PUT", raidMode(), { body: { until: null } });
  expect(ended.body.raid_mode).toBeNull();
  await owner.put(raidMode(), { until: null });
  expect(await send(newcomer)).toEqual(sent);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=raid_update`);
  expect(entries.map(({ changes }) => changes[0])).toEqual([
    { field: "until", before: until, after: null },
    { field: "until", before: null, after: until },
  ]);
});

test("many are banned at once with what they wrote lately, and those who stand as high are left out", async () => {
  await newcomer.send(general, "flood");
  await late.join(code);
  await late.send(general, "flood too");
  const user_ids = [newcomer, late, owner, moderator].map(({ me }) => me.id);
  const body = { user_ids, delete_message_seconds: 3_600, reason: "raid" };
  expect(await refusal(member, "POST", `/api/servers/${home.id}/bulk-ban`, body)).toEqual(forbidden);
  const answer = await moderator.post<BulkBanAnswer>(`/api/servers/${home.id}/bulk-ban`, body);
  expect(answer).toEqual({ banned_users: user_ids.slice(0, 2), failed_users: user_ids.slice(2) });
  expect((await owner.get<History>(`/api/channels/${general}/messages`)).messages).toEqual([]);
  expect(await refusal(late, "POST", `/api/invites/${code}`)).toEqual([403, "banned"]);
});

test("many messages are deleted at once, with one entry in the audit log, and only those of the channel", async () => {
  const other = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "other" });
  const messages = [
    await member.send(general, "1"),
    await newcomer.send(general, "2"),
    await member.send(general, "3"),
  ];
  const elsewhere = await member.send(other.id, "elsewhere");
  const path = `/api/channels/${general}/messages/bulk-delete`;
  const message_ids = [messages[0]!.id, messages[1]!.id, elsewhere.id, 999_999];
  expect(await refusal(member, "POST", path, { message_ids })).toEqual(forbidden);
  expect(await refusal(late, "POST", path, { message_ids })).toEqual([404, "not_found"]);
  for (const bad of [[], Array.from({ length: 101 }, (_, index) => index + 1)])
    expect(await refusal(moderator, "POST", path, { message_ids: bad })).toEqual([400, "invalid_request"]);
  await moderator.post(path, { message_ids });
  await moderator.post(path, { message_ids });
  const texts = async (channelId: number) =>
    (await owner.get<History>(`/api/channels/${channelId}/messages`)).messages.map(({ content }) => content);
  expect([await texts(general), await texts(other.id)]).toEqual([["3"], ["elsewhere"]]);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?user_id=${moderator.me.id}`);
  expect(entries).toMatchObject([
    { action: "message_bulk_delete", subject: "general", changes: [{ field: "count", before: null, after: 2 }] },
  ]);
});
