import type { AuditEntry, AuditLog, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
/** Has a role that sees the audit log, removes and bans. */
let moderator: TestClient;
let member: TestClient;
let home: ServerState;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  moderator = await TestClient.register(server.url, "moderator");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [moderator, member]) await client.join(code);
  const permissions = bitsOf("viewAuditLog", "kickMembers", "banMembers", "manageMessages");
  const role = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "crew", permissions });
  await owner.put(`/api/servers/${home.id}/members/${moderator.me.id}/roles/${role.id}`);
});

async function entries(query = "", reader = owner): Promise<AuditEntry[]> {
  return (await reader.get<AuditLog>(`/api/servers/${home.id}/audit-log${query}`)).entries;
}

/** What the entries say, oldest first, without those of the set-up. */
async function story(): Promise<unknown[]> {
  const all = (await entries()).toReversed().slice(2);
  return all.map(({ action, user, subject, changes }) => [
    action,
    user?.username ?? subject,
    ...changes.map(({ field, before, after }) => [field, before, after]),
  ]);
}

test("every command of those who run a server is in its audit log, before and after", async () => {
  const path = `/api/servers/${home.id}`;
  await owner.patch(path, { name: "Renamed" });
  const news = await owner.post<{ id: number }>(`${path}/channels`, { name: "news" });
  await owner.patch(`/api/channels/${news.id}`, { name: "old news" });
  const override = `/api/channels/${news.id}/overrides/${home.everyone_role_id}`;
  await owner.put(override, { type: "role", allow: 0, deny: 2048 });
  await owner.delete(override);
  const order = [news.id, ...home.channels.map(({ id }) => id)];
  await owner.put(`${path}/channels/order`, { channel_ids: order });
  await owner.delete(`/api/channels/${news.id}`);
  const role = await owner.post<Role>(`${path}/roles`, { name: "guests" });
  await owner.patch(`/api/roles/${role.id}`, { name: "visitors", permissions: 1024 });
  await owner.put(`${path}/members/${member.me.id}/roles/${role.id}`);
  await owner.put(`${path}/members/${member.me.id}/roles/${role.id}`);
  await owner.delete(`${path}/members/${member.me.id}/roles/${role.id}`);
  await owner.delete(`/api/roles/${role.id}`);
  await owner.delete(`/api/invites/${await member.invite(home.id)}`);
  const message = await member.send(home.channels[0]!.id, "rude");
  await owner.delete(`/api/messages/${message.id}`);
  await owner.put(`${path}/bans/${member.me.id}`);
  await owner.delete(`${path}/bans/${member.me.id}`);
  const former = home.channels.map(({ id }) => id);
  expect(await story()).toEqual([
    ["server_update", null, ["name", "Home", "Renamed"]],
    ["channel_create", "news", ["type", null, "text"]],
    ["channel_update", "news", ["name", "news", "old news"]],
    ["override_update", "old news", ["deny", 0, 2048]],
    ["override_update", "old news", ["deny", 2048, 0]],
    // The channel is gone now, and orders name only what there is.
    ["channels_reorder", null, ["order", former, former]],
    ["channel_delete", "old news", ["type", "text", null]],
    ["role_create", "guests", ["permissions", null, 0]],
    ["role_update", "guests", ["name", "guests", "visitors"], ["permissions", 0, 1024]],
    ["member_role_update", "member", ["role", null, "visitors"]],
    ["member_role_update", "member", ["role", "visitors", null]],
    ["role_delete", "visitors", ["permissions", 1024, null]],
    ["invite_delete", "member"],
    ["message_delete", "member"],
    ["member_ban", "member"],
    ["member_unban", "member"],
  ]);
});

test("a refused command, and one that changes nothing, leave no trace", async () => {
  const before = (await entries()).length;
  await owner.patch(`/api/servers/${home.id}`, { name: "Home" });
  await member.request("DELETE", `/api/servers/${home.id}/members/${moderator.me.id}`);
  await moderator.request("DELETE", `/api/servers/${home.id}/members/${owner.me.id}`);
  expect(await entries()).toHaveLength(before);
});

test("the reason of a removal is kept, and the log is found by actor, action and member", async () => {
  const kick = { body: { reason: "  spam \n and worse " } };
  await moderator.request("DELETE", `/api/servers/${home.id}/members/${member.me.id}`, kick);
  const expected = { action: "member_kick", reason: "spam \n and worse", actor: { id: moderator.me.id } };
  expect(await entries(`?user_id=${moderator.me.id}`, moderator)).toMatchObject([expected]);
  expect(await entries(`?target_id=${member.me.id}`)).toMatchObject([expected]);
  expect(await entries("?action=member_kick")).toMatchObject([expected]);
  expect(await entries("?action=member_ban")).toEqual([]);
  const tooLong = { body: { reason: "x".repeat(301) } };
  const refused = await moderator.request("DELETE", `/api/servers/${home.id}/members/${owner.me.id}`, tooLong);
  expect(refused).toMatchObject({ status: 400, code: "invalid_request" });
});

test("the log comes in pages, newest first", async () => {
  for (const name of ["one", "two", "three"]) await owner.patch(`/api/servers/${home.id}`, { name });
  const first = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?limit=2`);
  expect(first.has_more).toBe(true);
  const before = first.entries.at(-1)!.id;
  const rest = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?before=${before}`);
  expect(rest.has_more).toBe(false);
  const named = [...first.entries, ...rest.entries].filter(({ action }) => action === "server_update");
  expect(named.map(({ changes }) => changes[0]!.after)).toEqual(["three", "two", "one"]);
});

test("members without the permission do not read it, and a moderator reads nothing of a private channel", async () => {
  const refused = await member.request("GET", `/api/servers/${home.id}/audit-log`);
  expect(refused).toMatchObject({ status: 403, code: "forbidden" });
  const overrides = [{ type: "role", target_id: home.everyone_role_id, allow: 0, deny: bitsOf("viewChannel") }];
  const body = { name: "the cellar", overrides };
  const { id } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, body);
  await owner.patch(`/api/channels/${id}`, { name: "the attic" });
  const told = async (reader: TestClient) => JSON.stringify(await entries("", reader));
  expect(await told(owner)).toContain("the cellar");
  expect(await told(moderator)).not.toMatch(/the cellar|the attic/);
  await owner.delete(`/api/channels/${id}`);
  expect(await told(moderator)).not.toMatch(/the cellar|the attic/);
  expect(await told(owner)).toContain("the attic");
});

test("that a thread was deleted is read by those who see its parent", async () => {
  const parentId = home.channels[0]!.id;
  const body = { name: "the nook", archive_after_s: 86_400 };
  const { id } = await owner.post<{ id: number }>(`/api/channels/${parentId}/threads`, body);
  await owner.delete(`/api/channels/${id}`);
  const deleted = () => entries("?action=thread_delete", moderator);
  expect(await deleted()).toMatchObject([{ channel_id: parentId, subject: "the nook" }]);
  const hide = { type: "role", allow: 0, deny: bitsOf("viewChannel") };
  await owner.put(`/api/channels/${parentId}/overrides/${home.everyone_role_id}`, hide);
  expect(await deleted()).toEqual([]);
});
