import type { AuditLog, Channel, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const view = bitsOf("viewChannel");
const bus = new RecordingBus();

let server: TestServer;
let owner: TestClient;
/** Manages channels, not roles. */
let builder: TestClient;
let member: TestClient;
let home: ServerState;

beforeAll(async () => {
  server = await startTestServer({}, { bus });
  owner = await TestClient.register(server.url, "owner");
  builder = await TestClient.register(server.url, "builder");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [builder, member]) await client.join(code);
  const permissions = bitsOf("manageChannels");
  const role = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "builders", permissions });
  await owner.put(`/api/servers/${home.id}/members/${builder.me.id}/roles/${role.id}`);
});

function create(body: Record<string, unknown>, client = owner): Promise<Channel> {
  return client.post<Channel>(`/api/servers/${home.id}/channels`, body);
}

async function seenBy(client: TestClient, id: number): Promise<Channel | undefined> {
  const { channels } = await client.get<ServerState>(`/api/servers/${home.id}`);
  return channels.find((channel) => channel.id === id);
}

function hide(channel: Channel): Promise<unknown> {
  const path = `/api/channels/${channel.id}/overrides/${home.everyone_role_id}`;
  return owner.put(path, { type: "role", allow: 0, deny: view });
}

function show(channel: Channel, client: TestClient): Promise<unknown> {
  return owner.put(`/api/channels/${channel.id}/overrides/${client.me.id}`, { type: "member", allow: view, deny: 0 });
}

async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const { status, code } = await client.request(method, path, { body });
  return [status, code];
}

describe("a category", () => {
  test("holds channels, and leaves them without one when it is deleted", async () => {
    const category = await create({ name: "games", type: "category" }, builder);
    expect(category).toMatchObject({ type: "category", category_id: null });
    const chess = await create({ name: "chess", category_id: category.id }, builder);
    expect(chess).toMatchObject({ type: "text", category_id: category.id, overrides: [] });
    const topic = `server:${home.id}` as const;
    expect(bus.events(topic, "channel_created").at(-1)).toMatchObject({ channel: { category_id: category.id } });
    const general = home.channels[0]!;
    const moved = await builder.patch<Channel>(`/api/channels/${general.id}`, { category_id: category.id, name: "go" });
    expect(moved).toMatchObject({ name: "go", category_id: category.id });
    expect(bus.events(topic, "channel_updated").at(-1)).toMatchObject({ channel: moved });
    await builder.delete(`/api/channels/${category.id}`);
    expect(await seenBy(member, category.id)).toBeUndefined();
    for (const id of [chess.id, general.id]) expect(await seenBy(member, id)).toMatchObject({ category_id: null });
  });

  test("takes neither messages nor calls, nor another category", async () => {
    const { id } = await create({ name: "games", type: "category" });
    const other = await create({ name: "more", type: "category" });
    const invalid = [400, "invalid_request"];
    expect(await refusal(owner, "POST", `/api/channels/${id}/messages`, { content: "x" })).toEqual(invalid);
    expect(await refusal(owner, "GET", `/api/channels/${id}/messages`)).toEqual(invalid);
    expect(await refusal(owner, "PUT", `/api/channels/${id}/read`, { seq: 1 })).toEqual(invalid);
    expect(await refusal(owner, "GET", `/api/channels/${id}/pins`)).toEqual(invalid);
    const level = `/api/me/notification-levels/channel:${id}`;
    expect(await refusal(owner, "PUT", level, { level: "all" })).toEqual(invalid);
    expect(await refusal(owner, "PATCH", `/api/channels/${other.id}`, { category_id: id })).toEqual(invalid);
    const inText = { category_id: home.channels[0]!.id };
    expect(await refusal(owner, "PATCH", `/api/channels/${home.channels[1]!.id}`, inText)).toEqual(invalid);
  });

  test("of another server, or hidden from the actor, is none", async () => {
    const hidden = await create({ name: "secret", type: "category" });
    await hide(hidden);
    const elsewhere = await owner.createServer();
    const foreign = await owner.post<Channel>(`/api/servers/${elsewhere.id}/channels`, { name: "x", type: "category" });
    const absent = [404, "not_found"];
    for (const category_id of [hidden.id, foreign.id, 999_999]) {
      const channels = `/api/servers/${home.id}/channels`;
      expect(await refusal(builder, "POST", channels, { name: "x", category_id })).toEqual(absent);
      expect(await refusal(builder, "PATCH", `/api/channels/${home.channels[0]!.id}`, { category_id })).toEqual(absent);
    }
  });

  test("moves a channel to a place in the order of all", async () => {
    const category = await create({ name: "games", type: "category" });
    const chess = await create({ name: "chess" });
    await builder.patch(`/api/channels/${chess.id}`, { category_id: category.id, position: 0 });
    const { channels } = await member.get<ServerState>(`/api/servers/${home.id}`);
    expect(channels.map(({ name, position }) => [name, position])).toEqual([
      ["chess", 0],
      ["general", 1],
      ["voice", 2],
      ["games", 3],
    ]);
    const order = bus.events(`server:${home.id}`, "channels_reordered").at(-1);
    expect(order).toMatchObject({ channel_ids: [chess.id, ...home.channels.map(({ id }) => id)] });
    const placed = bus.events(`server:${home.id}`, "channel_updated").at(-1);
    expect(placed).toMatchObject({ channel: { id: category.id, position: 3 } });
  });
});

describe("a channel that is synchronised with its category", () => {
  test("takes the category's overrides from the start, and each change of them", async () => {
    const category = await create({ name: "staff", type: "category" });
    await hide(category);
    const synchronised = await create({ name: "plans", category_id: category.id });
    const apart = await create({ name: "open", category_id: category.id, overrides: [] });
    expect(synchronised.overrides).toHaveLength(1);
    expect(apart.overrides).toEqual([]);
    await show(category, member);
    expect(await seenBy(member, synchronised.id)).toMatchObject({ category_id: category.id });
    expect(await seenBy(owner, apart.id)).toMatchObject({ overrides: [] });
    await owner.delete(`/api/channels/${category.id}/overrides/${member.me.id}`);
    expect(await seenBy(member, synchronised.id)).toBeUndefined();
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=override_update`);
    expect(entries.map(({ subject }) => subject)).toEqual(["plans", "staff", "plans", "staff", "staff"]);
  });

  test("stays so in another category, for those who may change its permissions", async () => {
    const open = await create({ name: "open", type: "category" });
    const closed = await create({ name: "closed", type: "category" });
    await hide(closed);
    await show(closed, builder);
    const channel = await create({ name: "plans", category_id: open.id });
    const path = `/api/channels/${channel.id}`;
    expect(await refusal(builder, "PATCH", path, { category_id: closed.id })).toEqual([403, "forbidden"]);
    await owner.patch(path, { category_id: closed.id });
    expect(await seenBy(member, channel.id)).toBeUndefined();
    expect(await seenBy(builder, channel.id)).toMatchObject({ category_id: closed.id });
    // Without a category it keeps what it has, and then is not synchronised with the next one.
    await owner.patch(path, { category_id: null });
    await owner.patch(path, { category_id: open.id });
    expect(await seenBy(member, channel.id)).toBeUndefined();
  });
});

test("a category that one may not see is not named with its channels, nor in the audit log", async () => {
  const category = await create({ name: "secret", type: "category" });
  await hide(category);
  const general = home.channels[0]!;
  await owner.patch(`/api/channels/${general.id}`, { category_id: category.id });
  expect(await seenBy(owner, general.id)).toMatchObject({ category_id: category.id });
  expect(await seenBy(member, general.id)).toMatchObject({ category_id: null });
  const renamed = await builder.patch<Channel>(`/api/channels/${general.id}`, { name: "lobby" });
  expect(renamed).toMatchObject({ name: "lobby", category_id: null });
  expect(JSON.stringify(bus.events(`server:${home.id}`, "channel_updated"))).not.toContain("secret");
  expect(bus.events(`server:${home.id}`, "channel_updated")).toEqual([]);
  const permissions = bitsOf("viewAuditLog");
  const role = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "readers", permissions });
  await owner.put(`/api/servers/${home.id}/members/${member.me.id}/roles/${role.id}`);
  const changesFor = async (client: TestClient) =>
    (await client.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=channel_update`)).entries.at(-1)?.changes;
  expect(await changesFor(owner)).toEqual([{ field: "category_id", before: null, after: category.id }]);
  expect(await changesFor(member)).toEqual([]);
});
