import type { AuditLog, DmState, Inbox, Message, ReportPage, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const clock = new ManualClock();
let server: TestServer;
let owner: TestClient;
/** May time out and read the audit log, like `peer`. */
let moderator: TestClient;
let peer: TestClient;
let member: TestClient;
let rude: TestClient;
let outsider: TestClient;
let home: ServerState;
let general: number;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  server = await startTestServer({}, { clock });
  const register = (name: string) => TestClient.register(server.url, name);
  owner = await register("owner");
  moderator = await register("moderator");
  peer = await register("peer");
  member = await register("member");
  rude = await register("rude");
  outsider = await register("outsider");
});
afterAll(async () => {
  for (const socket of sockets) await socket.close();
  await server.cleanup();
});

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!.id;
  const code = await owner.invite(home.id);
  for (const client of [moderator, peer, member, rude]) await client.join(code);
  const permissions = bitsOf("moderateMembers", "viewAuditLog");
  const crew = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "crew", permissions });
  for (const { me } of [moderator, peer]) await owner.put(`/api/servers/${home.id}/members/${me.id}/roles/${crew.id}`);
});

async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const answer = await client.request(method, path, { body });
  return [answer.status, answer.code];
}

const file = (body: object, by = member) => by.post<{ id: number; notify: boolean }>("/api/reports", body);
const queue = async (by = moderator, query = "") =>
  (await by.get<ReportPage>(`/api/servers/${home.id}/reports${query}`)).reports;

async function dial(client: TestClient): Promise<TestSocket> {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${client.token}`);
  sockets.push(socket);
  await socket.next("connection_established");
  return socket;
}

async function hiddenChannel(): Promise<number> {
  const deny = bitsOf("viewChannel");
  const overrides = [
    { type: "role", target_id: home.everyone_role_id, allow: 0, deny },
    ...[member, rude].map(({ me }) => ({ type: "member", target_id: me.id, allow: deny, deny: 0 })),
  ];
  const body = { name: "cellar", overrides };
  return (await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, body)).id;
}

describe("a report of a message", () => {
  test("keeps the evidence whatever becomes of the message, and reaches moderators alone, live", async () => {
    const upload = (await rude.upload("x", "proof.txt", "text/plain")).body;
    const message = await rude.send(general, "an insult", { attachments: [upload.id] });
    const [theirs, plain, own] = [await dial(moderator), await dial(member), await dial(rude)];
    const { id } = await file({ message_id: message.id, reason: "rude" });
    expect(await theirs.next("reports_changed")).toMatchObject({ server_id: home.id, report_id: id, is_new: true });
    await rude.patch(`/api/messages/${message.id}`, { content: "a compliment" });
    await rude.delete(`/api/messages/${message.id}`);
    const evidence = { id: message.id, channel_id: general, channel_name: "general", content: "an insult" };
    const attachments = [{ filename: "proof.txt", content_type: "text/plain", size: 1 }];
    expect(await queue()).toMatchObject([
      {
        id,
        reporter: { id: member.me.id },
        user: { id: rude.me.id },
        reason: "rude",
        message: { ...evidence, attachments, created_at: message.timestamp },
        claimed_by: null,
        outcome: null,
      },
    ]);
    for (const socket of [plain, own]) {
      await socket.roundTrip();
      expect(socket.all("reports_changed")).toEqual([]);
    }
    for (const client of [member, rude])
      expect(await refusal(client, "GET", `/api/servers/${home.id}/reports`)).toEqual([403, "forbidden"]);
  });

  test("keeps what the message forwards and what its poll asks", async () => {
    const source = await rude.send(general, "forwarded insult");
    const forward = await rude.post<Message>(`/api/messages/${source.id}/forward`, { channel_id: general });
    const body = { content: "Who is it?", poll: { answers: ["a rude answer", "another"] } };
    const poll = await rude.post<Message>(`/api/channels/${general}/messages`, body);
    for (const { id } of [forward, poll]) {
      await file({ message_id: id, reason: "rude" });
      await rude.delete(`/api/messages/${id}`);
    }
    const [asked, told] = (await queue()).map((one) => one.message?.content);
    expect(told).toContain("forwarded insult");
    expect(asked).toMatch(/^Who is it\?[^]*a rude answer/);
  });

  test("in a thread outlasts the thread, for the moderators of its channel", async () => {
    const thread = await rude.post<{ id: number }>(`/api/channels/${general}/threads`, { name: "aside" });
    const said = await rude.send(thread.id, "rude words");
    const { id } = await file({ message_id: said.id, reason: "rude" });
    expect(await queue()).toMatchObject([{ id }]);
    await owner.delete(`/api/channels/${thread.id}`);
    expect(await queue()).toMatchObject([{ id, message: { content: "rude words" } }]);
  });

  test("of the same reporter again only changes its reason, until it is closed", async () => {
    const message = await rude.send(general, "an insult");
    const first = await file({ message_id: message.id, reason: "rude" });
    const again = await file({ message_id: message.id, reason: "very rude" });
    expect(again.id).toBe(first.id);
    await file({ message_id: message.id, reason: "I agree" }, peer);
    expect((await queue()).map(({ reason }) => reason)).toEqual(["I agree", "very rude"]);
    await moderator.put(`/api/reports/${first.id}/outcome`, { outcome: "dismissed" });
    expect((await file({ message_id: message.id, reason: "still" })).id).not.toBe(first.id);
  });

  test("in a channel that a moderator does not see is known to those who see it, also once the channel is gone", async () => {
    const cellar = await hiddenChannel();
    const message = await rude.send(cellar, "whispered insult");
    expect(await refusal(peer, "POST", "/api/reports", { message_id: message.id, reason: "x" })).toEqual([
      404,
      "not_found",
    ]);
    const theirs = await dial(moderator);
    const { id } = await file({ message_id: message.id, reason: "rude" });
    const known = async () => [(await queue()).length, (await queue(owner)).length];
    expect(await known()).toEqual([0, 1]);
    expect(await refusal(moderator, "PUT", `/api/reports/${id}/claim`)).toEqual([404, "not_found"]);
    await owner.put(`/api/reports/${id}/claim`);
    await owner.delete(`/api/channels/${cellar}`);
    expect(await known()).toEqual([0, 1]);
    await theirs.roundTrip();
    expect(theirs.all("reports_changed")).toEqual([]);
    const { entries } = await moderator.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=report_claim`);
    expect(entries).toEqual([]);
  });
});

test("nobody learns of a report about themselves, not even as a moderator or in the audit log", async () => {
  const { id } = await file({ user_id: peer.me.id, server_id: home.id, reason: "abuses power" });
  const theirs = await dial(peer);
  expect(await queue(peer)).toEqual([]);
  expect(await refusal(peer, "PUT", `/api/reports/${id}/claim`)).toEqual([404, "not_found"]);
  await moderator.put(`/api/reports/${id}/outcome`, { outcome: "acted", note: "talked to them" });
  await theirs.roundTrip();
  expect(theirs.all("reports_changed")).toEqual([]);
  const log = `/api/servers/${home.id}/audit-log?action=report_close`;
  expect((await peer.get<AuditLog>(log)).entries).toEqual([]);
  expect((await owner.get<AuditLog>(log)).entries).toMatchObject([
    { actor: { id: moderator.me.id }, user: { id: peer.me.id }, subject: `#${id}`, reason: "talked to them" },
  ]);
});

describe("a moderator", () => {
  test("claims a report, which others then leave alone; the outcome reaches the reporter who wished it", async () => {
    const { id } = await file({ user_id: rude.me.id, server_id: home.id, reason: "rude", notify: true });
    const silent = await file({ user_id: rude.me.id, server_id: home.id, reason: "rude" }, peer);
    await moderator.put(`/api/reports/${id}/claim`);
    const conflict = [409, "conflict"];
    expect(await refusal(peer, "PUT", `/api/reports/${id}/claim`)).toEqual(conflict);
    expect(await refusal(peer, "PUT", `/api/reports/${id}/outcome`, { outcome: "acted" })).toEqual(conflict);
    await peer.delete(`/api/reports/${id}/claim`);
    await moderator.put(`/api/reports/${id}/claim`);
    const [reporter, other] = [await dial(member), await dial(peer)];
    await moderator.put(`/api/reports/${id}/outcome`, { outcome: "acted", note: "timed out" });
    await moderator.put(`/api/reports/${silent.id}/outcome`, { outcome: "dismissed" });
    expect(await refusal(moderator, "PUT", `/api/reports/${id}/outcome`, { outcome: "acted" })).toEqual(conflict);
    const { data } = await reporter.next("notification");
    expect(data).toMatchObject({ kind: "report_acted", actor: { id: member.me.id }, server_id: home.id });
    expect(JSON.stringify(data)).not.toMatch(/rude|moderator|timed out/);
    expect((await member.get<Inbox>("/api/notifications")).notifications[0]).toMatchObject({ kind: "report_acted" });
    await other.roundTrip();
    expect(other.all("notification")).toEqual([]);
    expect(await queue()).toEqual([]);
    expect(await queue(moderator, "?status=closed")).toMatchObject([
      { outcome: "dismissed", note: null },
      { outcome: "acted", note: "timed out", closed_by: { id: moderator.me.id } },
    ]);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    const actions = entries.map(({ action }) => action).filter((action) => action.startsWith("report_"));
    expect(actions.toReversed().join(" ")).toBe("report_claim report_release report_claim report_close report_close");
  });

  test("reads the queue in pages, newest first", async () => {
    for (const client of [member, peer, owner])
      await file({ user_id: rude.me.id, server_id: home.id, reason: client.me.username }, client);
    const first = await moderator.get<ReportPage>(`/api/servers/${home.id}/reports?limit=2`);
    expect([first.reports.map(({ reason }) => reason), first.has_more]).toEqual([["owner", "peer"], true]);
    const rest = await queue(moderator, `?before=${first.reports.at(-1)!.id}`);
    expect(rest.map(({ reason }) => reason)).toEqual(["member"]);
  });
});

test("what happened in no server, or is about its owner, goes to the administrators of the instance", async () => {
  const admin = await TestClient.register(server.url, "admin");
  await makeAdministrator(server.config, "admin");
  await member.put("/api/me/friends/" + rude.me.id);
  const dm = await rude.post<DmState>("/api/dms", { user_ids: [member.me.id] });
  const message = await rude.send(dm.id, "a threat");
  expect(await file({ message_id: message.id, reason: "scary", notify: true })).toMatchObject({ notify: false });
  await file({ user_id: owner.me.id, server_id: home.id, reason: "tyranny", notify: true });
  expect(await queue()).toEqual([]);
  const { reports } = await admin.get<ReportPage>("/api/reports");
  expect(reports).toMatchObject([
    { reason: "tyranny", server_id: home.id, message: null },
    { reason: "scary", server_id: null, message: { content: "a threat" } },
  ]);
  await admin.put(`/api/reports/${reports[0]!.id}/outcome`, { outcome: "dismissed" });
  expect((await member.get<Inbox>("/api/notifications")).notifications[0]).toMatchObject({ kind: "report_dismissed" });
  expect(await refusal(moderator, "GET", "/api/reports")).toEqual([403, "forbidden"]);
  expect(await refusal(moderator, "PUT", `/api/reports/${reports[1]!.id}/claim`)).toEqual([404, "not_found"]);
});

test("reports of what is gone, unknown, hidden or one's own are refused, and those without a reason", async () => {
  const refused = async (body: object) => (await refusal(member, "POST", "/api/reports", { reason: "x", ...body }))[0];
  const about = { user_id: rude.me.id, server_id: home.id };
  expect(await refused({ message_id: (await gone()).id })).toBe(404);
  expect(await refused({ user_id: outsider.me.id, server_id: home.id })).toBe(404);
  expect(await refused({ user_id: outsider.me.id })).toBe(404);
  expect(await refused({ user_id: member.me.id, server_id: home.id })).toBe(400);
  expect(await refused({ message_id: (await member.send(general, "mine")).id })).toBe(400);
  expect(await refused({ user_id: rude.me.id, message_id: 1 })).toBe(400);
  expect(await refused({})).toBe(400);
  for (const reason of ["", "  ", "x".repeat(1_001)]) expect(await refused({ ...about, reason })).toBe(400);
});

async function gone() {
  const message = await rude.send(general, "gone");
  await rude.delete(`/api/messages/${message.id}`);
  return message;
}
