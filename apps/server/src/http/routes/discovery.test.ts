import type { DiscoveryPage, InstanceLog, InstanceServerPage, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { roundedDown } from "../../store/queries/discovery.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let admin: TestClient;
let owner: TestClient;
let guest: TestClient;
let home: ServerState;

beforeAll(async () => {
  server = await startTestServer();
  admin = await TestClient.register(server.url, "admin", { claim_token: new URL(server.claimUrl!).hash.slice(1) });
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
});
afterAll(() => server.cleanup());

let count = 0;
beforeEach(async () => {
  await admin.patch("/api/instance/settings", { discovery: "on" });
  home = await owner.createServer(`Home ${(count += 1)}`);
});

const list = (fields: { is_public?: boolean; description?: string } = {}, client = owner) =>
  client.request("PUT", `/api/servers/${home.id}/listing`, {
    body: { is_public: true, description: "All about it", ...fields },
  });
const find = (client = guest, query = "") => client.get<DiscoveryPage>(`/api/discovery${query}`);
const namesFor = async (client = guest, query = "") => (await find(client, query)).servers.map(({ name }) => name);
const join = async (client = guest) => {
  const { status, code } = await client.request("POST", `/api/discovery/${home.id}`);
  return [status, code];
};

test("a public server is found by whoever is logged in, and joined without an invite", async () => {
  expect(await join()).toEqual([404, "not_found"]);
  expect((await list()).status).toBe(200);
  expect((await find()).servers[0]).toEqual({
    id: home.id,
    name: home.name,
    description: "All about it",
    icon_url: null,
    members: 0,
    is_member: false,
  });
  expect(await namesFor(guest, `?search=${encodeURIComponent(home.name)}`)).toEqual([home.name]);
  expect(await namesFor(guest, "?search=nothing-like-it")).toEqual([]);
  expect(await join()).toEqual([200, undefined]);
  expect(await join()).toEqual([200, undefined]);
  expect((await find()).servers[0]).toMatchObject({ is_member: true });
  const stranger = new TestClient(server.url);
  expect((await stranger.request("GET", "/api/discovery")).status).toBe(401);
  await list({ is_public: false });
  expect(await namesFor()).not.toContain(home.name);
});

test("pages follow each other without a gap or a double", async () => {
  await list();
  home = await owner.createServer("Another");
  await list();
  const first = await find(guest, "?limit=1");
  const second = await find(guest, `?limit=1&before=${first.next}`);
  expect(first.servers.map(({ name }) => name)).toEqual(["Another"]);
  expect(second.servers.map(({ name }) => name)).toEqual([`Home ${count}`]);
  expect((await guest.request("GET", "/api/discovery?before=x")).code).toBe("invalid_request");
});

test("bans, raid mode and full accounts hold without an invite too", async () => {
  await list();
  await owner.put(`/api/servers/${home.id}/bans/${guest.me.id}`);
  expect(await namesFor()).not.toContain(home.name);
  expect(await join()).toEqual([403, "banned"]);
  await owner.delete(`/api/servers/${home.id}/bans/${guest.me.id}`);
  await owner.put(`/api/servers/${home.id}/raid-mode`, { until: new Date(Date.now() + 60_000).toISOString() });
  expect(await join()).toEqual([403, "joining_paused"]);
});

test("only those who manage the server list it, and administrators of the instance keep it off", async () => {
  await guest.join(await owner.invite(home.id));
  expect((await list({}, guest)).code).toBe("forbidden");
  await list();
  const unlist = (is_unlisted: boolean, client = admin) =>
    client.request("PUT", `/api/instance/servers/${home.id}/listing`, { body: { is_unlisted } });
  expect((await unlist(true, owner)).code).toBe("forbidden");
  expect((await unlist(true)).status).toBe(204);
  expect(await namesFor(admin)).not.toContain(home.name);
  expect(await join(admin)).toEqual([404, "not_found"]);
  const { servers } = await admin.get<InstanceServerPage>("/api/instance/servers");
  expect(servers[0]).toMatchObject({ id: home.id, is_public: true, is_unlisted: true });
  await list({ is_public: false });
  expect((await list()).code).toBe("conflict");
  expect((await unlist(false)).status).toBe(204);
  expect((await list()).status).toBe(200);
  const { entries } = await admin.get<InstanceLog>("/api/instance/log");
  expect(entries.slice(0, 2).map(({ action }) => action)).toEqual(["server_relist", "server_unlist"]);
});

test("an administrator of the instance who is no member makes no server public, to read it as a member", async () => {
  expect((await list({}, admin)).code).toBe("forbidden");
  expect(await join(admin)).toEqual([404, "not_found"]);
  await list();
  expect((await list({ description: "Changed" }, admin)).status).toBe(200);
  expect((await list({ is_public: false }, admin)).status).toBe(200);
});

test("without discovery on the instance there is no page, and no way in by it", async () => {
  await list();
  await admin.patch("/api/instance/settings", { discovery: null });
  expect((await guest.request("GET", "/api/discovery")).code).toBe("not_found");
  expect(await join()).toEqual([404, "not_found"]);
});

test("the number of members is rounded down", () => {
  expect([0, 9, 10, 19, 99, 101, 999, 12_345].map(roundedDown)).toEqual([0, 0, 10, 10, 90, 100, 900, 10_000]);
});
