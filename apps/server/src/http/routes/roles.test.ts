import type { Channel, Member, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const view = bitsOf("viewChannel");

const bus = new RecordingBus();
let server: TestServer;
let owner: TestClient;
/** Has the role `moderators`, which manages roles and channels and removes members. */
let moderator: TestClient;
/** Has the role `helpers` below it. */
let helper: TestClient;
let member: TestClient;
let home: ServerState;
let general: Channel;
let moderators: Role;
let helpers: Role;

beforeAll(async () => {
  server = await startTestServer({}, { bus });
  owner = await TestClient.register(server.url, "owner");
  moderator = await TestClient.register(server.url, "moderator");
  helper = await TestClient.register(server.url, "helper");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!;
  const code = await owner.invite(home.id);
  for (const client of [moderator, helper, member]) await client.join(code);
  const permissions = bitsOf("manageRoles", "manageChannels", "kickMembers", "banMembers");
  moderators = await newRole(owner, { name: "moderators", permissions });
  helpers = await newRole(owner, { name: "helpers" });
  await owner.put(held(moderator, moderators));
  await owner.put(held(helper, helpers));
});

function newRole(client: TestClient, body: Record<string, unknown>): Promise<Role> {
  return client.post<Role>(`/api/servers/${home.id}/roles`, body);
}

function held(client: TestClient, role: Role): string {
  return `/api/servers/${home.id}/members/${client.me.id}/roles/${role.id}`;
}

function override(target: number, channel = general): string {
  return `/api/channels/${channel.id}/overrides/${target}`;
}

async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const { status, code } = await client.request(method, path, { body });
  return [status, code];
}

const forbidden = [403, "forbidden"];

async function names(): Promise<string[]> {
  const { roles } = await owner.get<{ roles: Role[] }>(`/api/servers/${home.id}/roles`);
  expect(roles.map(({ position }) => position)).toEqual(roles.map((_, index) => index));
  return roles.map(({ name }) => name);
}

describe("roles", () => {
  test("a new role is the lowest, moves, and leaves no gap when it is deleted", async () => {
    expect(await names()).toEqual(["everyone", "helpers", "moderators"]);
    const guests = await newRole(owner, { name: "guests", color: "#123456", hoist: true });
    expect(guests).toMatchObject({ color: "#123456", hoist: true, mentionable: false, permissions: 0, position: 1 });
    await owner.patch(`/api/roles/${guests.id}`, { position: 3, name: "visitors" });
    expect(await names()).toEqual(["everyone", "helpers", "moderators", "visitors"]);
    await owner.delete(`/api/roles/${helpers.id}`);
    expect(await names()).toEqual(["everyone", "moderators", "visitors"]);
    expect((await helper.get<ServerState>(`/api/servers/${home.id}`)).role_ids).toEqual([]);
  });

  test("are shown with the server and its members", async () => {
    const state = await helper.get<ServerState>(`/api/servers/${home.id}`);
    expect(state.role_ids).toEqual([helpers.id]);
    expect(state.roles.map(({ id }) => id)).toEqual([home.everyone_role_id, helpers.id, moderators.id]);
    const { members } = await member.get<{ members: Member[] }>(`/api/servers/${home.id}/members`);
    expect(members.find(({ id }) => id === moderator.me.id)?.role_ids).toEqual([moderators.id]);
  });

  test("a role that is renamed, painted or moved makes nobody read their rights again", async () => {
    const rightsOf = () => [
      bus.events(`server:${home.id}`, "permissions_changed").length,
      bus.controls("rights").filter((control) => control.type === "rights_changed" && control.serverId === home.id)
        .length,
    ];
    const [told, read] = rightsOf() as [number, number];
    const { permissions } = helpers;
    const looks = { name: "aides", color: "#123456", hoist: true, position: 2, permissions };
    await owner.patch(`/api/roles/${helpers.id}`, looks);
    expect(bus.events(`server:${home.id}`, "role_updated").at(-1)).toMatchObject({ role: looks });
    expect(rightsOf()).toEqual([told, read]);
    await owner.patch(`/api/roles/${helpers.id}`, { permissions: bitsOf("manageMessages") });
    expect(rightsOf()).toEqual([told + 1, read + 1]);
  });

  test("the base role keeps its name and place, and nobody is given it", async () => {
    const base = `/api/roles/${home.everyone_role_id}`;
    expect(await refusal(owner, "PATCH", base, { name: "all" })).toEqual([400, "invalid_request"]);
    expect(await refusal(owner, "PATCH", base, { position: 1 })).toEqual([400, "invalid_request"]);
    expect(await refusal(owner, "DELETE", base)).toEqual([400, "invalid_request"]);
    expect(await refusal(owner, "PUT", held(member, { ...helpers, id: home.everyone_role_id }))).toEqual([
      400,
      "invalid_request",
    ]);
    await owner.patch(base, { permissions: view });
    expect(await refusal(member, "POST", `/api/channels/${general.id}/messages`, { content: "x" })).toEqual(forbidden);
  });

  test.each(["-1", "9007199254740992", '"8"', "1.5"])("permissions of %s are refused", async (text) => {
    const body = { name: "x", permissions: JSON.parse(text) as unknown };
    expect(await refusal(owner, "POST", `/api/servers/${home.id}/roles`, body)).toEqual([400, "invalid_request"]);
  });
});

describe("a member who manages roles", () => {
  test("changes and gives the roles below their own", async () => {
    const role = await newRole(moderator, { name: "guests", permissions: bitsOf("kickMembers") });
    await moderator.patch(`/api/roles/${role.id}`, { position: 2 });
    const roleIds = async () => (await member.get<ServerState>(`/api/servers/${home.id}`)).role_ids;
    await moderator.put(held(member, role));
    expect(await roleIds()).toEqual([role.id]);
    await moderator.delete(held(member, role));
    expect(await roleIds()).toEqual([]);
    await moderator.delete(`/api/roles/${role.id}`);
    expect(await names()).toEqual(["everyone", "helpers", "moderators"]);
  });

  test("touches neither their own role nor one above it", async () => {
    const chiefs = await newRole(owner, { name: "chiefs" });
    await owner.patch(`/api/roles/${chiefs.id}`, { position: 3 });
    for (const role of [moderators, chiefs]) {
      expect(await refusal(moderator, "PATCH", `/api/roles/${role.id}`, { name: "x" })).toEqual(forbidden);
      expect(await refusal(moderator, "DELETE", `/api/roles/${role.id}`)).toEqual(forbidden);
      expect(await refusal(moderator, "PUT", held(member, role))).toEqual(forbidden);
      expect(await refusal(moderator, "DELETE", held(moderator, role))).toEqual(forbidden);
    }
    expect(await refusal(moderator, "PATCH", `/api/roles/${helpers.id}`, { position: 3 })).toEqual(forbidden);
  });

  test("grants nothing that they lack: in a role, by giving one, or in a channel", async () => {
    const administrator = bitsOf("administrator");
    const create = { name: "x", permissions: administrator };
    expect(await refusal(moderator, "POST", `/api/servers/${home.id}/roles`, create)).toEqual(forbidden);
    expect(await refusal(moderator, "PATCH", `/api/roles/${helpers.id}`, { permissions: administrator })).toEqual(
      forbidden,
    );
    await owner.patch(`/api/roles/${helpers.id}`, { permissions: administrator });
    expect(await refusal(moderator, "PUT", held(member, helpers))).toEqual(forbidden);
    const allow = { type: "role", allow: bitsOf("manageMessages"), deny: 0 };
    expect(await refusal(moderator, "PUT", override(helpers.id), allow)).toEqual(forbidden);
    const deny = { type: "role", allow: 0, deny: bitsOf("manageMessages") };
    expect(await refusal(moderator, "PUT", override(helpers.id), deny)).toEqual(forbidden);
  });

  test("removes only members who stand below, and never deletes the server", async () => {
    const path = (client: TestClient) => `/api/servers/${home.id}/members/${client.me.id}`;
    await owner.put(held(member, moderators));
    expect(await refusal(moderator, "DELETE", path(member))).toEqual(forbidden);
    expect(await refusal(moderator, "DELETE", path(owner))).toEqual(forbidden);
    expect(await refusal(moderator, "PUT", `/api/servers/${home.id}/bans/${member.me.id}`)).toEqual(forbidden);
    await moderator.delete(path(helper));
    await owner.patch(`/api/roles/${moderators.id}`, { permissions: bitsOf("administrator") });
    expect(await refusal(moderator, "DELETE", `/api/servers/${home.id}`)).toEqual(forbidden);
  });
});

describe("overrides", () => {
  test("hide a channel, and show it to a role and a member", async () => {
    await owner.put(override(home.everyone_role_id), { type: "role", allow: 0, deny: view });
    await owner.put(override(helpers.id), { type: "role", allow: view, deny: 0 });
    const sees = async (client: TestClient) =>
      (await client.request("GET", `/api/channels/${general.id}/messages`)).status === 200;
    expect(await Promise.all([owner, helper, member].map(sees))).toEqual([true, true, false]);
    await owner.put(override(member.me.id), { type: "member", allow: view, deny: 0 });
    expect(await sees(member)).toBe(true);
    await owner.delete(override(member.me.id));
    expect(await sees(member)).toBe(false);
  });

  test("cannot allow and deny the same, nor be for somebody else's role or a stranger", async () => {
    const both = { type: "role", allow: view, deny: view };
    expect(await refusal(owner, "PUT", override(helpers.id), both)).toEqual([400, "invalid_request"]);
    const other = await owner.createServer();
    const none = { type: "role", allow: 0, deny: view };
    expect(await refusal(owner, "PUT", override(other.everyone_role_id), none)).toEqual([404, "not_found"]);
    expect(await refusal(owner, "PUT", override(999_999), { ...none, type: "member" })).toEqual([404, "not_found"]);
  });

  test("one of a member who has left can be removed, but not set", async () => {
    const denied = { type: "member", allow: 0, deny: bitsOf("sendMessages") };
    await owner.put(override(member.me.id), denied);
    await member.post(`/api/servers/${home.id}/leave`);
    expect(await refusal(owner, "PUT", override(member.me.id), { ...denied, deny: view })).toEqual([404, "not_found"]);
    await owner.delete(override(member.me.id));
    expect((await owner.get<ServerState>(`/api/servers/${home.id}`)).channels[0]!.overrides).toEqual([]);
  });

  test("whoever leaves and comes back is still denied what they were denied", async () => {
    await owner.put(override(member.me.id), { type: "member", allow: 0, deny: bitsOf("sendMessages") });
    await member.post(`/api/servers/${home.id}/leave`);
    await member.join(await owner.invite(home.id));
    expect(await refusal(member, "POST", `/api/channels/${general.id}/messages`, { content: "x" })).toEqual(forbidden);
  });

  test("of a new channel hold from the start", async () => {
    const overrides = [{ type: "role", target_id: home.everyone_role_id, allow: 0, deny: view }];
    const body = { name: "secret", overrides };
    const channel = await owner.post<Channel>(`/api/servers/${home.id}/channels`, body);
    const shown = await member.get<ServerState>(`/api/servers/${home.id}`);
    expect(shown.channels.map(({ id }) => id)).not.toContain(channel.id);
    // A moderator would have to see it to change it.
    const path = `/api/channels/${channel.id}`;
    expect(await refusal(moderator, "PATCH", path, { name: "x" })).toEqual([404, "not_found"]);
    const order = shown.channels.map(({ id }) => id).toReversed();
    await moderator.put(`/api/servers/${home.id}/channels/order`, { channel_ids: order });
    const all = await owner.get<ServerState>(`/api/servers/${home.id}`);
    expect(all.channels.map(({ id }) => id)).toEqual([...order, channel.id]);
  });

  test("no sequence of changes locks the owner out", async () => {
    await owner.put(held(owner, helpers));
    for (const target of [home.everyone_role_id, helpers.id]) {
      await owner.put(override(target), { type: "role", allow: 0, deny: Number.MAX_SAFE_INTEGER });
    }
    await owner.put(override(owner.me.id), { type: "member", allow: 0, deny: Number.MAX_SAFE_INTEGER });
    await owner.patch(`/api/roles/${home.everyone_role_id}`, { permissions: 0 });
    expect((await owner.send(general.id, "still here")).content).toBe("still here");
    await owner.delete(override(owner.me.id));
  });
});
