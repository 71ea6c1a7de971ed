import type { Ban, Channel, Invite, InvitePreview, Member, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let guest: TestClient;
const bus = new RecordingBus();
const clock = new ManualClock(Date.now());

beforeAll(async () => {
  server = await startTestServer({}, { bus, clock });
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
});
afterAll(() => server.cleanup());

async function shared(): Promise<ServerState> {
  const home = await owner.createServer();
  await guest.join(await owner.invite(home.id));
  return owner.get<ServerState>(`/api/servers/${home.id}`);
}

describe("a server", () => {
  test("has a text and a voice channel when created, and is listed for its members only", async () => {
    const home = await owner.createServer("Home");
    expect(home).toMatchObject({ name: "Home", owner_id: owner.me.id, member_count: 1 });
    expect(home.channels.map(({ type, position }) => [type, position])).toEqual([
      ["text", 0],
      ["voice", 1],
    ]);
    const { servers } = await owner.get<{ servers: ServerState[] }>("/api/servers");
    expect(servers.at(-1)).toEqual(home);
    expect(await guest.get("/api/servers")).toEqual({ servers: [] });
    const { id } = owner.me;
    expect(bus.events(`user:${id}`, "server_joined").at(-1)).toEqual({ type: "server_joined", server: home });
    expect(bus.controls(`user:${id}`).at(-1)).toEqual({ type: "membership_added", userId: id, serverId: home.id });
  });

  test("begins with the channels and roles of a template, in which only the first role writes news", async () => {
    const made = new Map<string, ServerState>();
    for (const template of ["gaming", "open_source", "class", "family"]) {
      const body = { name: template, locale: "ru", template };
      made.set(template, await owner.post<ServerState>("/api/servers", body));
    }
    const shape = [...made].map(([name, { roles, channels }]) => [name, roles.length - 1, channels.length]);
    expect(shape).toEqual([
      ["gaming", 1, 7],
      ["open_source", 2, 7],
      ["class", 2, 6],
      ["family", 0, 5],
    ]);
    const school = made.get("class")!;
    expect(school.roles.map(({ name }) => name)).toEqual(["everyone", "Ученик", "Учитель"]);
    const [news] = school.channels;
    expect(news).toMatchObject({ name: "объявления", type: "text", category_id: null });
    expect(school.channels.at(-1)).toMatchObject({ type: "voice", category_id: school.channels.at(-3)!.id });
    await guest.join(await owner.invite(school.id));
    expect(
      await guest.request("POST", `/api/channels/${news!.id}/messages`, { body: { content: "hi" } }),
    ).toMatchObject({
      status: 403,
    });
    await owner.put(`/api/servers/${school.id}/members/${guest.me.id}/roles/${school.roles.at(-1)!.id}`);
    expect(await guest.send(news!.id, "Контрольная в пятницу")).toMatchObject({ content: "Контрольная в пятницу" });
    const unknown = { name: "x", template: "party" };
    expect(await owner.request("POST", "/api/servers", { body: unknown })).toMatchObject({ code: "invalid_request" });
    for (const { id } of made.values()) await owner.delete(`/api/servers/${id}`);
  });

  test("is renamed and deleted by its owner, with events to all members", async () => {
    const home = await shared();
    await owner.patch(`/api/servers/${home.id}`, { name: "Renamed" });
    expect(bus.events(`server:${home.id}`, "server_updated")).toMatchObject([{ server: { name: "Renamed" } }]);
    expect(await guest.request("PATCH", `/api/servers/${home.id}`, { body: { name: "x" } })).toMatchObject({
      status: 403,
      code: "forbidden",
    });
    await guest.send(home.channels[0]!.id, "something to take away");
    await owner.delete(`/api/servers/${home.id}`);
    expect(bus.events(`server:${home.id}`, "server_deleted")).toHaveLength(1);
    expect(bus.controls(`user:${guest.me.id}`).at(-1)).toEqual({
      type: "membership_removed",
      userId: guest.me.id,
      serverId: home.id,
    });
    expect(await guest.request("GET", `/api/servers/${home.id}`)).toMatchObject({ status: 404 });
    expect(await guest.request("GET", `/api/channels/${home.channels[0]!.id}/messages`)).toMatchObject({ status: 404 });
  });
});

describe("channels", () => {
  test("of a new server are named in the language of its creator", async () => {
    const { channels } = await owner.post<ServerState>("/api/servers", { name: "Друзья", locale: "ru" });
    expect(channels.map(({ name }) => name)).toEqual(["общий", "голосовой"]);
  });

  test("are created, renamed, reordered and deleted by the owner", async () => {
    const home = await shared();
    const [general, voice] = home.channels.map((channel) => channel.id) as [number, number];
    const made = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "plans" });
    expect(made).toMatchObject({ name: "plans", type: "text", position: 2, server_id: home.id });
    await owner.patch(`/api/channels/${made.id}`, { name: "dreams" });
    await owner.put(`/api/servers/${home.id}/channels/order`, { channel_ids: [made.id, voice, general] });
    await owner.delete(`/api/channels/${voice}`);
    const last = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "last" });

    const state = await guest.get<ServerState>(`/api/servers/${home.id}`);
    expect(state.channels.map((channel) => channel.name)).toEqual(["dreams", "general", "last"]);
    const topic = `server:${home.id}` as const;
    expect(bus.events(topic, "channel_created").map(({ channel }) => channel.id)).toEqual([made.id, last.id]);
    expect(bus.events(topic, "channel_updated")).toMatchObject([{ channel: { name: "dreams" } }]);
    expect(bus.events(topic, "channels_reordered")).toMatchObject([{ channel_ids: [made.id, voice, general] }]);
    expect(bus.events(topic, "channel_deleted")).toMatchObject([{ channel_id: voice }]);
    expect(bus.controls(topic)).toEqual([{ type: "channel_removed", channelId: voice }]);
  });

  test("are reordered only by a complete list", async () => {
    const home = await shared();
    const [general, voice] = home.channels.map((channel) => channel.id) as [number, number];
    for (const channel_ids of [[general], [general, general], [general, voice, voice], [general, voice, 999_999]]) {
      const answer = await owner.request("PUT", `/api/servers/${home.id}/channels/order`, { body: { channel_ids } });
      expect(answer).toMatchObject({ status: 409, code: "conflict" });
    }
  });
});

describe("invites", () => {
  test("show a preview of their server, with and without an account", async () => {
    const home = await owner.createServer("Preview");
    const code = await owner.invite(home.id);
    const stranger = new TestClient(server.url);
    const preview = await stranger.get<InvitePreview>(`/api/invites/${code}`);
    expect(preview).toMatchObject({ server: { name: "Preview", member_count: 1 }, is_member: false });
    expect(preview.inviter.username).toBe("owner");
    expect(JSON.stringify(preview)).not.toContain("@");
    expect(await owner.get<InvitePreview>(`/api/invites/${code}`)).toMatchObject({ is_member: true });
  });

  test("admit no more users than their limit, also at the same time", async () => {
    const home = await owner.createServer();
    const code = await owner.invite(home.id, { max_uses: 3 });
    const people = await Promise.all(
      Array.from({ length: 8 }, (_, index) => TestClient.register(server.url, `rush${index}`)),
    );
    const answers = await Promise.all(people.map((one) => one.request("POST", `/api/invites/${code}`)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3);
    expect(answers.filter((answer) => answer.code === "invite_invalid")).toHaveLength(5);
    expect(await owner.get<ServerState>(`/api/servers/${home.id}`)).toMatchObject({ member_count: 4 });
  });

  test("are not used up by a user who is a member already", async () => {
    const home = await owner.createServer();
    const code = await owner.invite(home.id, { max_uses: 2 });
    for (let time = 0; time < 3; time += 1) await guest.join(code);
    const { invites } = await owner.get<{ invites: Invite[] }>(`/api/servers/${home.id}/invites`);
    expect(invites).toMatchObject([{ code, uses: 1, max_uses: 2 }]);
    expect(bus.events(`server:${home.id}`, "member_joined")).toHaveLength(1);
  });

  test("expire, and can be revoked", async () => {
    const home = await owner.createServer();
    const short = await owner.invite(home.id, { expires_in: 60 });
    const revoked = await owner.invite(home.id);
    await owner.delete(`/api/invites/${revoked}`);
    clock.leap(61_000);
    for (const code of [short, revoked, "no-such-code"]) {
      const joining = await guest.request("POST", `/api/invites/${code}`);
      expect(joining).toMatchObject({ status: 410, code: "invite_invalid" });
      expect(await guest.request("GET", `/api/invites/${code}`)).toMatchObject({ status: 410 });
    }
  });

  test("are listed and revoked by their creator and the owner, not by other members", async () => {
    const home = await shared();
    const other = await TestClient.register(server.url, "thirdone");
    await other.join(await owner.invite(home.id));
    const code = await guest.invite(home.id);
    const codesSeenBy = async (client: TestClient) => {
      const { invites } = await client.get<{ invites: Invite[] }>(`/api/servers/${home.id}/invites`);
      return invites.map((invite) => invite.code);
    };
    expect(await codesSeenBy(guest)).toEqual([code]);
    expect(await codesSeenBy(other)).toEqual([]);
    expect(await codesSeenBy(owner)).toContain(code);
    expect(await other.request("DELETE", `/api/invites/${code}`)).toMatchObject({ status: 403 });
    await owner.delete(`/api/invites/${code}`);
  });

  test("for one user notify that user", async () => {
    const home = await owner.createServer("Just you");
    const friend = await TestClient.register(server.url, "Friend");
    const code = await owner.invite(home.id, { username: "friend" });
    const topic = `user:${friend.me.id}` as const;
    const [invitation] = bus.events(topic, "channel_invitation");
    expect(invitation).toMatchObject({
      channel_name: "Just you",
      invite_code: code,
      invited_by: { username: "owner" },
    });
    expect(await owner.invite(home.id, { username: "friend" })).toBe(code);
    expect(bus.events(topic, "notification")).toMatchObject([{ data: { kind: "invite", invite_code: code } }]);
    expect(await friend.get("/api/notifications")).toMatchObject({ unread: 1, notifications: [{ kind: "invite" }] });
    await friend.join(code);
    const again = await owner.request("POST", `/api/servers/${home.id}/invites`, { body: { username: "friend" } });
    expect(again).toMatchObject({ status: 409, code: "conflict" });
    expect(await guest.request("POST", `/api/invites/${code}`)).toMatchObject({ status: 410 });
  });
});

describe("members", () => {
  test("see the members and the owner", async () => {
    const home = await shared();
    const { members } = await guest.get<{ members: Member[] }>(`/api/servers/${home.id}/members`);
    expect(members).toMatchObject([
      { username: "guest", is_owner: false, status: "offline" },
      { username: "owner", is_owner: true },
    ]);
    expect(JSON.stringify(members)).not.toContain("example.org");
  });

  test("can leave, except the owner", async () => {
    const home = await shared();
    expect(await owner.request("POST", `/api/servers/${home.id}/leave`)).toMatchObject({ status: 409 });
    await guest.post(`/api/servers/${home.id}/leave`);
    expect(await guest.request("GET", `/api/servers/${home.id}`)).toMatchObject({ status: 404 });
    expect(bus.events(`server:${home.id}`, "member_left")).toMatchObject([{ user_id: guest.me.id, reason: "left" }]);
    expect(bus.events(`user:${guest.me.id}`, "server_left").at(-1)).toMatchObject({ server_id: home.id });
  });

  test("can rejoin after a kick, and after a ban only once it is lifted", async () => {
    const home = await shared();
    const code = await owner.invite(home.id);
    const path = `/api/servers/${home.id}`;
    await owner.delete(`${path}/members/${guest.me.id}`);
    await guest.join(code);
    await owner.put(`${path}/bans/${guest.me.id}`);
    expect(await guest.request("POST", `/api/invites/${code}`)).toMatchObject({ status: 403, code: "banned" });
    expect(await owner.get<{ bans: Ban[] }>(`${path}/bans`)).toMatchObject({
      bans: [{ user: { username: "guest" }, banned_by: { username: "owner" } }],
    });
    await owner.delete(`${path}/bans/${guest.me.id}`);
    await guest.join(code);
    const reasons = bus.events(`server:${home.id}`, "member_left").map(({ reason }) => reason);
    expect(reasons).toEqual(["kicked", "banned"]);
  });

  test("cannot remove others, and nobody can remove the owner", async () => {
    const home = await shared();
    const path = `/api/servers/${home.id}`;
    for (const [method, target] of [
      ["DELETE", `${path}/members/${owner.me.id}`],
      ["PUT", `${path}/bans/${owner.me.id}`],
    ] as const) {
      expect(await guest.request(method, target)).toMatchObject({ status: 403 });
      expect(await owner.request(method, target)).toMatchObject({ status: 403 });
    }
  });

  test("get one event when another member changes their name", async () => {
    const home = await shared();
    await guest.patch("/api/auth/me", { display_name: "Renamed guest" });
    await guest.patch("/api/auth/me", { display_name: "Renamed guest" });
    expect(bus.events(`server:${home.id}`, "user_updated")).toMatchObject([
      { user: { display_name: "Renamed guest" } },
    ]);
    expect(bus.events(`user:${guest.me.id}`, "me_updated").length).toBeGreaterThan(0);
  });
});

test("registration by invite uses the invite up and joins its server", async () => {
  const closed = await startTestServer({ registration: "invite" });
  try {
    const claim_token = new URL(closed.claimUrl!).hash.slice(1);
    const admin = await TestClient.register(closed.url, "admin", { claim_token });
    const home = await admin.createServer();
    const invite_code = await admin.invite(home.id, { max_uses: 1 });
    await expect(TestClient.register(closed.url, "nobody")).rejects.toThrow("registration_closed");
    const invited = await TestClient.register(closed.url, "invited", { invite_code });
    expect(await invited.get(`/api/servers/${home.id}`)).toMatchObject({ member_count: 2 });
    await expect(TestClient.register(closed.url, "second", { invite_code })).rejects.toThrow("invite_invalid");
    // The refused registration stored nothing: the username is still free.
    await TestClient.register(closed.url, "second", { invite_code: await admin.invite(home.id) });
  } finally {
    await closed.cleanup();
  }
});

test("an administrator who is not a member may manage a server but not read its messages", async () => {
  const fresh = await startTestServer();
  try {
    const claim_token = new URL(fresh.claimUrl!).hash.slice(1);
    const admin = await TestClient.register(fresh.url, "admin", { claim_token });
    const one = await TestClient.register(fresh.url, "one");
    const home = await one.createServer();
    const channelId = home.channels[0]!.id;
    const message = await one.send(channelId, "spam");
    expect(await admin.request("GET", `/api/channels/${channelId}/messages`)).toMatchObject({ status: 404 });
    await admin.delete(`/api/messages/${message.id}`);
    await admin.patch(`/api/servers/${home.id}`, { name: "Moderated" });
    await admin.delete(`/api/servers/${home.id}`);
  } finally {
    await fresh.cleanup();
  }
});
