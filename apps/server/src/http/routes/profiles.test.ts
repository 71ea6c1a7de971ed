import type { CustomEmoji, DmState, InstanceLog, Me, Member, Profile, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const dot = Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64");

let server: TestServer;
let ann: TestClient;
let bob: TestClient;
let stranger: TestClient;
let home: ServerState;
beforeAll(async () => {
  server = await startTestServer();
  [ann, bob, stranger] = (await Promise.all(
    ["ann", "bob", "stranger"].map((name) => TestClient.register(server.url, name)),
  )) as [TestClient, TestClient, TestClient];
  home = await ann.createServer();
  await bob.join(await ann.invite(home.id));
});
afterAll(() => server.cleanup());

const profileOf = (viewer: TestClient, person: TestClient) =>
  viewer.request<Profile>("GET", `/api/users/${person.me.id}/profile`);

async function upload({ token }: TestClient, path: string): Promise<Me> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "image/gif" };
  return (await (await fetch(server.url + path, { method: "PUT", headers, body: dot })).json()) as Me;
}

async function connect(client: TestClient): Promise<TestSocket> {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${client.token}`);
  await socket.next("connection_established");
  return socket;
}

test("a profile is for those who see the person; for others there is no such person", async () => {
  await ann.patch("/api/auth/me", { about: "Hello *there*", pronouns: "she/her", banner_color: "#123456" });
  const own = { about: "Hello *there*", pronouns: "she/her", banner_url: null, banner_color: "#123456" };
  const { body } = await profileOf(bob, ann);
  expect(body).toMatchObject({ ...own, user: { username: "ann" }, mutual_servers: [home.id], mutual_friends: [] });
  expect(body.created_at).toBe(ann.me.created_at);
  expect((await profileOf(ann, ann)).body).toMatchObject({ ...own, mutual_servers: [] });
  const refused = await profileOf(stranger, ann);
  const unknown = await stranger.request("GET", "/api/users/999999/profile");
  expect([refused.status, refused.code]).toEqual([404, "not_found"]);
  expect(unknown.body).toEqual(refused.body);
  // Who asks to be a friend shows who they are; asking shows nothing of the other.
  await stranger.request("PUT", `/api/me/friends/${ann.me.id}`);
  expect([(await profileOf(stranger, ann)).status, (await profileOf(ann, stranger)).status]).toEqual([404, 200]);
  await stranger.request("DELETE", `/api/me/friends/${ann.me.id}`);
  expect((await profileOf(ann, stranger)).status).toBe(404);
});

test("a request to write shows its sender nothing", async () => {
  const dora = await TestClient.register(server.url, "dora");
  await dora.patch("/api/auth/me", { messages_from: "everyone" });
  const eve = await TestClient.register(server.url, "eve");
  const dm = await eve.post<DmState>("/api/dms", { user_ids: [dora.me.id] });
  await eve.send(dm.id, "hello");
  expect([(await profileOf(eve, dora)).status, (await profileOf(dora, eve)).status]).toEqual([404, 404]);
  await dora.send(dm.id, "hello");
  // The answer accepts the request once it has been acknowledged.
  await expect
    .poll(async () => [(await profileOf(eve, dora)).status, (await profileOf(dora, eve)).status])
    .toEqual([200, 200]);
});

test("friends of both and servers of both are shown, and none of those of one only", async () => {
  const [cora, dan] = await Promise.all(["cora", "dan"].map((name) => TestClient.register(server.url, name)));
  for (const person of [cora!, dan!]) await person.join(await ann.invite(home.id));
  const befriend = async (one: TestClient, other: TestClient) => {
    await one.request("PUT", `/api/me/friends/${other.me.id}`);
    await other.request("PUT", `/api/me/friends/${one.me.id}`);
  };
  await befriend(cora!, ann);
  await befriend(cora!, bob);
  await befriend(dan!, ann);
  // Asked, not answered.
  await dan!.request("PUT", `/api/me/friends/${bob.me.id}`);
  await ann.createServer();
  const { body } = await profileOf(bob, ann);
  expect(body.mutual_friends.map(({ username }) => username)).toEqual(["cora"]);
  expect(body.mutual_friend_count).toBe(1);
  expect(body.mutual_servers).toEqual([home.id]);
  await ann.request("PUT", `/api/me/blocks/${bob.me.id}`);
  expect((await profileOf(bob, ann)).body).toMatchObject({ mutual_friends: [], mutual_friend_count: 0 });
  await ann.request("DELETE", `/api/me/blocks/${bob.me.id}`);
});

test.each([
  ["a long text", { about: "x".repeat(301) }],
  ["many lines", { about: "\n".repeat(12).replaceAll("\n", "x\n") }],
  ["control characters", { about: "a\u0007b" }],
  ["long pronouns", { pronouns: "x".repeat(41) }],
  ["pronouns on two lines", { pronouns: "a\nb" }],
  ["no colour", { banner_color: "red" }],
])("%s in a profile is refused", async (_what, body) => {
  expect(await bob.request("PATCH", "/api/auth/me", { body })).toMatchObject({ code: "invalid_request" });
});

test("what others see of a profile is told to them", async () => {
  const socket = await connect(bob);
  await upload(ann, "/api/auth/me/banner");
  expect(await socket.next("user_updated", ({ user }) => user.id === ann.me.id)).toBeDefined();
  const { banner_url: url } = (await profileOf(bob, ann)).body;
  expect((await fetch(server.url + url)).status).toBe(200);
  await upload(ann, "/api/auth/me/banner");
  expect((await fetch(server.url + url)).status).toBe(404);
  expect((await ann.get<Me>("/api/auth/me")).banner_url).not.toBe(url);
  await socket.close();
});

test("a custom status is seen by those who see the presence, ends by itself, and outlives a new connection", async () => {
  const [mine, theirs, foreign] = [await connect(ann), await connect(bob), await connect(stranger)];
  const ofAnn = ({ user_id }: { user_id: number }) => user_id === ann.me.id;
  await ann.request("PUT", "/api/auth/me/custom-status", { body: { emoji: "🌲", text: "away" } });
  const told = await theirs.next("user_status_changed", (event) => ofAnn(event) && event.custom_status !== undefined);
  expect(told).toMatchObject({ custom_status: { emoji: "🌲", text: "away" } });
  const list = async () => (await bob.get<{ members: Member[] }>(`/api/servers/${home.id}/members`)).members;
  const shown = async () => (await list()).find(({ id }) => id === ann.me.id)?.custom_status;
  expect(await shown()).toEqual(told.custom_status);
  expect((await ann.get<Me>("/api/auth/me")).custom_status).toEqual(told.custom_status);
  // Another connection of the user reads it from the database.
  await mine.close();
  const again = await connect(ann);
  expect(await shown()).toEqual(told.custom_status);
  await ann.request("PUT", "/api/auth/me/custom-status", { body: { text: "back soon", duration_s: 2 } });
  await theirs.next("user_status_changed", (event) => ofAnn(event) && event.custom_status?.text === "back soon");
  await expect.poll(shown).toBeUndefined();
  expect((await ann.get<Me>("/api/auth/me")).custom_status).toBeUndefined();
  expect(foreign.all("user_status_changed").filter(ofAnn)).toEqual([]);
  for (const socket of [again, theirs, foreign]) await socket.close();
});

test.each([
  ["nothing", {}],
  ["a text that is too long", { text: "x".repeat(101) }],
  ["two emoji", { emoji: "🌲🌲" }],
  ["an emoji of no server of the user", { emoji: "<:foreign:123>" }],
  ["an end in a year", { text: "x", duration_s: 31_536_000 }],
  ["an end before the beginning", { text: "x", duration_s: 0 }],
])("%s is no custom status", async (_what, body) => {
  const answer = await bob.request("PUT", "/api/auth/me/custom-status", { body });
  expect(answer).toMatchObject({ status: 400, code: "invalid_request" });
});

test("an emoji of one's own server is one", async () => {
  const headers = { authorization: `Bearer ${ann.token}`, "content-type": "image/gif" };
  const made = await fetch(`${server.url}/api/servers/${home.id}/emojis?name=tree`, {
    method: "POST",
    headers,
    body: dot,
  });
  const { id } = (await made.json()) as CustomEmoji;
  const body = { emoji: `<:tree:${id}>` };
  expect((await bob.request("PUT", "/api/auth/me/custom-status", { body })).status).toBe(204);
  expect((await bob.get<Me>("/api/auth/me")).custom_status).toMatchObject({ ...body, text: "", ends_at: null });
  expect((await bob.request("DELETE", "/api/auth/me/custom-status")).status).toBe(204);
  expect((await bob.get<Me>("/api/auth/me")).custom_status).toBeUndefined();
});

test("administrators of the instance take parts of a profile away, with a line in their log, and nobody else does", async () => {
  const admin = await TestClient.register(server.url, "admin");
  const clear = (client: TestClient, part: string, { me }: TestClient = ann) =>
    client.request("DELETE", `/api/accounts/${me.id}/profile/${part}`);
  expect((await clear(bob, "about")).status).toBe(403);
  await makeAdministrator(server.config, "admin");
  const { avatar_url } = await upload(ann, "/api/auth/me/picture");
  const { banner_url } = await upload(ann, "/api/auth/me/banner");
  await ann.patch("/api/auth/me", { about: "rude", pronouns: "very rude" });
  await ann.request("PUT", "/api/auth/me/custom-status", { body: { emoji: "🌲", text: "ruder" } });
  expect((await profileOf(admin, ann)).body).toMatchObject({ about: "rude" });
  const [mine, theirs] = [await connect(ann), await connect(bob)];
  for (const part of ["picture", "banner", "about", "pronouns", "status", "about"]) {
    expect((await clear(admin, part)).status).toBe(204);
  }
  await mine.next("me_updated");
  await theirs.next("user_updated", ({ user }) => user.id === ann.me.id && user.avatar_url === null);
  expect(await ann.get<Me>("/api/auth/me")).toMatchObject({
    avatar_url: null,
    banner_url: null,
    about: "",
    pronouns: "",
  });
  expect((await ann.get<Me>("/api/auth/me")).custom_status).toBeUndefined();
  const files = [avatar_url, banner_url].map(async (url) => (await fetch(server.url + url)).status);
  expect(await Promise.all(files)).toEqual([404, 404]);
  const { entries } = await admin.get<InstanceLog>("/api/instance/log");
  expect(entries.map(({ action, user, changes }) => [action, user?.username, changes[0]?.before])).toEqual([
    ["profile_clear", "ann", "🌲 ruder"],
    ["profile_clear", "ann", "very rude"],
    ["profile_clear", "ann", "rude"],
    ["profile_clear", "ann", true],
    ["profile_clear", "ann", true],
  ]);
  expect((await clear(admin, "about", admin)).status).toBe(403);
  expect((await clear(admin, "password")).status).toBe(400);
  expect((await admin.request("DELETE", "/api/accounts/999999/profile/about")).status).toBe(404);
  for (const socket of [mine, theirs]) await socket.close();
});
