import type { Channel, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const view = bitsOf("viewChannel");

let server: TestServer;
let owner: TestClient;
let member: TestClient;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  member = await TestClient.register(server.url, "member");
});
afterAll(async () => {
  for (const socket of sockets) await socket.close();
  await server.cleanup();
});

async function arrange(): Promise<{ home: ServerState; category: Channel; general: Channel }> {
  const home = await owner.createServer();
  await member.join(await owner.invite(home.id));
  const path = `/api/servers/${home.id}/channels`;
  const category = await owner.post<Channel>(path, { name: "staff", type: "category" });
  return { home, category, general: home.channels[0]! };
}

async function dial(client: TestClient, path: string): Promise<TestSocket> {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}${path}?token=${client.token}`);
  sockets.push(socket);
  if (path === "/ws/main") await socket.next("connection_established");
  return socket;
}

test("each reader is told of a hidden category only while they see it", async () => {
  const { home, category, general } = await arrange();
  const [theirs, own] = [await dial(member, "/ws/main"), await dial(owner, "/ws/main")];
  const everyone = `/api/channels/${category.id}/overrides/${home.everyone_role_id}`;
  await owner.put(everyone, { type: "role", allow: 0, deny: view });
  await theirs.next("channel_removed");
  await owner.patch(`/api/channels/${general.id}`, { category_id: category.id });
  expect(await own.next("channel_updated")).toMatchObject({ channel: { category_id: category.id } });
  expect(await theirs.next("channel_updated")).toMatchObject({ channel: { id: general.id, category_id: null } });
  const body = { name: "open", category_id: category.id, overrides: [] };
  const open = await owner.post<Channel>(`/api/servers/${home.id}/channels`, body);
  const added = await theirs.next("channel_added", ({ channel }) => channel.id === open.id);
  expect(added).toMatchObject({ channel: { name: "open", category_id: null } });
  await owner.delete(everyone);
  await theirs.next("channel_added", ({ channel }) => channel.id === category.id);
  await theirs.count("channel_updated", 3);
  const placed = theirs.all("channel_updated").map(({ channel }) => [channel.id, channel.category_id]);
  expect(placed).toEqual([
    [general.id, null],
    [general.id, category.id],
    [open.id, category.id],
  ]);
});

test("a category is not joined or typed in, has no call, and does not exist for clients of version 1", async () => {
  const { home, category, general } = await arrange();
  const main = await dial(member, "/ws/main");
  for (const type of ["join_channel", "typing"]) {
    main.send({ type, channel_id: category.id, ref: type });
    await main.next("error", ({ ref, code }) => ref === type && code === "invalid_request");
  }
  expect((await (await dial(member, `/ws/voice/${category.id}`)).closed).code).toBe(4004);
  expect((await (await dial(member, `/ws/legacy/voice/${category.id}`)).closed).code).toBe(4004);
  expect((await (await dial(member, `/ws/legacy/chat/${category.id}`)).closed).code).toBe(1008);
  const old = await dial(member, "/ws/legacy/notifications");
  await new Promise((resolve) => old.ws.once("open", resolve));
  await old.roundTrip();
  const another = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "more", type: "category" });
  await owner.patch(`/api/channels/${another.id}`, { name: "others", position: 0 });
  await owner.patch(`/api/channels/${general.id}`, { name: "lobby", category_id: another.id });
  await owner.put(`/api/channels/${category.id}/overrides/${home.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: view,
  });
  for (const { id } of [category, another]) await owner.delete(`/api/channels/${id}`);
  await main.next("channel_deleted", (event) => event.channel_id === another.id && event.is_category === true);
  await old.count("channel_updated", 2);
  await old.roundTrip();
  const place = { id: general.id, server_id: home.id, serverId: home.id, name: "lobby", type: "text", position: 1 };
  expect(old.all("channel_updated")).toMatchObject([
    { changes: { channel_order: home.channels.map(({ id }) => id) } },
    { changes: { channel: place } },
  ]);
  expect(JSON.stringify(old.events)).not.toMatch(/category|more|others/);
});
