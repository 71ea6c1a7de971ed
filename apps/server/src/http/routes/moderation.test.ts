import type { AuditLog, Ban, History, Member, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withStore } from "../../admin/open-store.ts";
import { insertPurge } from "../../store/queries/purges.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const hourMs = 3_600_000;
const clock = new ManualClock();
const inMs = (ms: number) => new Date(clock.now() + ms).toISOString();

let server: TestServer;
let owner: TestClient;
/** May ban and time out. */
let moderator: TestClient;
/** Has a role as high as the moderator's, and no permissions. */
let peer: TestClient;
let member: TestClient;
let home: ServerState;
let general: number;
let code: string;

beforeAll(async () => {
  server = await startTestServer({ accessTokenTtlMs: 365 * 24 * hourMs, sessionTtlMs: 365 * 24 * hourMs }, { clock });
  owner = await TestClient.register(server.url, "owner");
  moderator = await TestClient.register(server.url, "moderator");
  peer = await TestClient.register(server.url, "peer");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!.id;
  code = await owner.invite(home.id);
  for (const client of [moderator, peer, member]) await client.join(code);
  const permissions = bitsOf("moderateMembers", "banMembers");
  const crew = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "crew", permissions });
  for (const { me } of [moderator, peer]) await owner.put(`/api/servers/${home.id}/members/${me.id}/roles/${crew.id}`);
});

async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const answer = await client.request(method, path, { body });
  return [answer.status, answer.code];
}

const timeOutOf = ({ me }: TestClient) => `/api/servers/${home.id}/members/${me.id}/timeout`;
const banOf = ({ me }: TestClient) => `/api/servers/${home.id}/bans/${me.id}`;
const memberEntry = async ({ me }: TestClient) =>
  (await owner.get<{ members: Member[] }>(`/api/servers/${home.id}/members`)).members.find(({ id }) => id === me.id);
const texts = async (channelId = general) =>
  (await owner.get<History>(`/api/channels/${channelId}/messages`)).messages.map(({ content }) => content);

describe("a time out", () => {
  test("is shown to the member and the others, is in the audit log, and goes on when the member comes back", async () => {
    const until = inMs(hourMs);
    await moderator.put(timeOutOf(member), { until, reason: "shouting" });
    expect((await member.get<ServerState>(`/api/servers/${home.id}`)).timed_out_until).toBe(until);
    expect((await memberEntry(member))?.timed_out_until).toBe(until);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=member_timeout`);
    expect(entries).toMatchObject([
      { reason: "shouting", user: { id: member.me.id }, changes: [{ field: "until", before: null, after: until }] },
    ]);
    await member.post(`/api/servers/${home.id}/leave`);
    const back = await member.join(code);
    expect(back.timed_out_until).toBe(until);
    expect(await refusal(member, "POST", `/api/channels/${general}/messages`, { content: "x" })).toEqual([
      403,
      "forbidden",
    ]);
    clock.advance(hourMs + 1);
    await member.send(general, "calm again");
  });

  test("is for those who stand below, and not for administrators", async () => {
    const body = { until: inMs(hourMs) };
    const forbidden = [403, "forbidden"];
    expect(await refusal(member, "PUT", timeOutOf(peer), body)).toEqual(forbidden);
    expect(await refusal(moderator, "PUT", timeOutOf(peer), body)).toEqual(forbidden);
    expect(await refusal(moderator, "PUT", timeOutOf(owner), body)).toEqual(forbidden);
    expect(await refusal(moderator, "PUT", timeOutOf(moderator), body)).toEqual([400, "invalid_request"]);
    const permissions = bitsOf("administrator");
    const chief = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "chief", permissions });
    await owner.put(`/api/servers/${home.id}/members/${member.me.id}/roles/${chief.id}`);
    expect(await refusal(owner, "PUT", timeOutOf(member), body)).toEqual(forbidden);
  });

  test("takes a moderator's rights away too", async () => {
    await owner.put(timeOutOf(moderator), { until: inMs(hourMs) });
    const refused = await refusal(moderator, "PUT", timeOutOf(member), { until: inMs(hourMs) });
    expect(refused).toEqual([403, "forbidden"]);
  });

  test.each([
    ["in the past", () => inMs(-1)],
    ["more than 28 days ahead", () => inMs(29 * 24 * hourMs)],
    ["no time", () => "soon"],
  ])("until %s is refused", async (_name, until) => {
    expect(await refusal(owner, "PUT", timeOutOf(member), { until: until() })).toEqual([400, "invalid_request"]);
  });
});

describe("a ban", () => {
  test("has a reason and an end, after which an invite works again", async () => {
    await moderator.request("PUT", banOf(member), { body: { reason: "spam", expires_at: inMs(hourMs) } });
    const { bans } = await moderator.get<{ bans: Ban[] }>(`/api/servers/${home.id}/bans`);
    expect(bans).toMatchObject([{ user: { id: member.me.id }, reason: "spam", banned_by: { id: moderator.me.id } }]);
    expect(await refusal(member, "POST", `/api/invites/${code}`)).toEqual([403, "banned"]);
    clock.advance(hourMs + 1);
    expect((await owner.get<{ bans: Ban[] }>(`/api/servers/${home.id}/bans`)).bans).toEqual([]);
    await member.join(code);
  });

  test("deletes what the member wrote lately in this server, and nothing else", async () => {
    const second = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "second" });
    const elsewhere = await member.createServer();
    await member.send(general, "old");
    clock.advance(2 * hourMs);
    await member.send(general, "one");
    await member.send(second.id, "two");
    await owner.send(general, "mine");
    await member.send(elsewhere.channels[0]!.id, "at home");
    await moderator.put(banOf(member), { delete_message_seconds: 3_600 });
    expect(await texts()).toEqual(["old", "mine"]);
    expect(await texts(second.id)).toEqual([]);
    const there = await member.get<History>(`/api/channels/${elsewhere.channels[0]!.id}/messages`);
    expect(there.messages.map(({ content }) => content)).toEqual(["at home"]);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?target_id=${member.me.id}`);
    expect(entries.map(({ action }) => action)).toEqual(["member_ban"]);
  });

  test("reaches somebody who has left, and can be changed", async () => {
    await member.send(general, "and gone");
    await member.post(`/api/servers/${home.id}/leave`);
    await moderator.put(banOf(member), { delete_message_seconds: 604_800 });
    expect(await texts()).toEqual([]);
    expect(await refusal(member, "POST", `/api/invites/${code}`)).toEqual([403, "banned"]);
    await moderator.put(banOf(member), { reason: "later thought", expires_at: inMs(hourMs) });
    const { bans } = await owner.get<{ bans: Ban[] }>(`/api/servers/${home.id}/bans`);
    expect(bans).toMatchObject([{ reason: "later thought" }]);
  });

  test("whose deletion a crash interrupted is finished later, and spares what was written after the ban", async () => {
    await member.send(general, "early");
    const purge = { server_id: home.id, author_id: member.me.id, actor_id: moderator.me.id, since: 0 };
    await withStore(server.config, ({ db }) => insertPurge(db, { ...purge, until: clock.now() }));
    clock.advance(1_000);
    await member.send(general, "later");
    clock.advance(10 * 60_000);
    await expect.poll(() => texts()).toEqual(["later"]);
  });

  test("of somebody as high, or with an end in the past, is refused and changes nothing", async () => {
    expect(await refusal(moderator, "PUT", banOf(peer))).toEqual([403, "forbidden"]);
    expect(await refusal(owner, "PUT", banOf(peer), { expires_at: inMs(-1) })).toEqual([400, "invalid_request"]);
    const long = { delete_message_seconds: 604_801 };
    expect(await refusal(owner, "PUT", banOf(peer), long)).toEqual([400, "invalid_request"]);
    expect(await memberEntry(peer)).toBeDefined();
  });
});

describe("a channel", () => {
  const path = () => `/api/channels/${general}`;

  test("has a topic and a slow mode, which members see and the audit log keeps", async () => {
    await owner.patch(path(), { topic: "  boots  ", slow_mode_s: 60 });
    const { channels } = await member.get<ServerState>(`/api/servers/${home.id}`);
    expect(channels[0]).toMatchObject({ name: "general", topic: "boots", slow_mode_s: 60 });
    await owner.patch(path(), { name: "shoes" });
    await owner.patch(path(), { topic: "" });
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=channel_update`);
    expect(entries.map(({ changes }) => changes)).toEqual([
      [{ field: "topic", before: "boots", after: "" }],
      [{ field: "name", before: "general", after: "shoes" }],
      [
        { field: "topic", before: "", after: "boots" },
        { field: "slow_mode_s", before: 0, after: 60 },
      ],
    ]);
  });

  test("in slow mode tells a member when to write again, and lets those who manage it write", async () => {
    await owner.patch(path(), { slow_mode_s: 60 });
    await member.send(general, "one");
    const refused = await member.request("POST", `${path()}/messages`, { body: { content: "two" } });
    expect([refused.status, refused.code, refused.headers.get("retry-after")]).toEqual([429, "rate_limited", "60"]);
    await owner.send(general, "mine");
    await owner.send(general, "mine too");
    clock.advance(60_000);
    await member.send(general, "two");
  });

  test.each([
    ["a negative slow mode", { slow_mode_s: -1 }],
    ["a slow mode of more than six hours", { slow_mode_s: 21_601 }],
    ["a topic that is too long", { topic: "x".repeat(1_025) }],
  ])("is refused %s", async (_name, body) => {
    expect(await refusal(owner, "PATCH", path(), body)).toEqual([400, "invalid_request"]);
    expect(await refusal(member, "PATCH", path(), { topic: "x" })).toEqual([403, "forbidden"]);
  });

  test("for calls has no slow mode", async () => {
    const voice = home.channels.find(({ type }) => type === "voice")!.id;
    const refused = await refusal(owner, "PATCH", `/api/channels/${voice}`, { slow_mode_s: 5 });
    expect(refused).toEqual([400, "invalid_request"]);
  });
});
