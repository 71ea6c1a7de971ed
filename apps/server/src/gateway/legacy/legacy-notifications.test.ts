import type { ServerState } from "@miscord/protocol";
import { legacyNotificationsEvent } from "@miscord/protocol/schemas";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { OldClient, type OldFrame } from "./testing/old-client.ts";

describe("version 1 notifications beside a client of /ws/main", () => {
  let server: TestServer;
  let ann: TestClient;
  let bob: TestClient;
  let home: ServerState;
  let voiceId: number;
  let old: OldClient;
  let people = 0;

  beforeAll(async () => {
    server = await startTestServer();
    [ann, bob] = [await TestClient.register(server.url, "ann"), await TestClient.register(server.url, "bob")];
    home = await bob.createServer("Home");
    voiceId = home.channels.find(({ type }) => type === "voice")!.id;
    await ann.join(await bob.invite(home.id));
  });
  afterAll(() => server.cleanup());

  beforeEach(async () => {
    old = await OldClient.connect(server.url, "/ws/legacy/notifications", ann.token!);
    await roundTrip();
    return async () => {
      for (const frame of old.frames) legacyNotificationsEvent.parse(frame);
      await old.close();
    };
  });

  async function roundTrip(): Promise<void> {
    const before = old.all("pong").length;
    old.send({ type: "ping" });
    await expect.poll(() => old.all("pong").length).toBe(before + 1);
  }

  function newcomer(): Promise<TestClient> {
    people += 1;
    return TestClient.register(server.url, `guest${people}`);
  }

  async function enhanced({ token }: TestClient): Promise<TestSocket> {
    const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${token}`);
    await socket.next("connection_established");
    return socket;
  }

  test("answer ping with pong and ignore pong", async () => {
    old.send({ type: "pong" });
    await roundTrip();
    expect(old.all("error")).toEqual([]);
  });

  test("deliver an invitation, then the joined server", async () => {
    const club = await bob.createServer("Club");
    const code = await bob.invite(club.id, { username: "ann" });
    expect(await old.next("channel_invitation")).toEqual({
      type: "channel_invitation",
      channel_id: club.id,
      channel_name: "Club",
      invited_by: "bob",
      invite_code: code,
    });
    await ann.join(code);
    const created = await old.next("server_created", (frame) => frame["server"].id === club.id);
    const [text, voice] = club.channels.map(({ id, name, type, position }) => {
      return { id, name, type, position, server_id: club.id, serverId: club.id };
    });
    const { id, username, display_name, avatar_url } = bob.me;
    expect(created).toEqual({
      type: "server_created",
      server: {
        id: club.id,
        name: "Club",
        owner_id: id,
        created_at: club.created_at,
        owner: { id, username, display_name, avatar_url },
        members_count: 2,
        channels: [text, voice],
        text_channels: [text],
        voice_channels: [voice],
      },
      created_by: { id, username },
    });
    // The connection receives events of the new server from now on.
    await bob.patch(`/api/servers/${club.id}`, { name: "The Club" });
    expect(await old.next("server_updated")).toMatchObject({
      server_id: club.id,
      channel_id: club.id,
      name: "The Club",
      updated_by: { id, username },
    });
    await bob.delete(`/api/servers/${club.id}`);
    expect(await old.next("server_deleted")).toEqual({
      type: "server_deleted",
      server_id: club.id,
      channel_id: club.id,
      server_name: "The Club",
      reason: "deleted",
      deleted_by: { id, username },
    });
    await roundTrip();
    expect(old.all("server_deleted")).toHaveLength(1);
  });

  test("name the user who left a server themselves as the one who deleted it from their list", async () => {
    const club = await bob.createServer("Short visit");
    await ann.join(await bob.invite(club.id));
    await ann.post(`/api/servers/${club.id}/leave`);
    const gone = await old.next("server_deleted", ({ server_id }) => server_id === club.id);
    expect(gone).toMatchObject({ reason: "left", deleted_by: { id: ann.me.id, username: "ann" } });
  });

  test("announce a changed profile", async () => {
    await bob.patch("/api/auth/me", { display_name: "Bobby" });
    expect(await old.next("user_profile_updated")).toEqual({
      type: "user_profile_updated",
      user_id: bob.me.id,
      username: "bob",
      display_name: "Bobby",
      avatar_url: null,
    });
  });

  test("announce members who join and leave, with the server's id as channel_id", async () => {
    const guest = await newcomer();
    await guest.join(await bob.invite(home.id));
    const { id, username } = guest.me;
    const mine = ({ user_id }: OldFrame) => user_id === id;
    const member = { user_id: id, username, channel_id: home.id };
    expect(await old.next("user_joined_channel", mine)).toEqual({ type: "user_joined_channel", ...member });
    await bob.delete(`/api/servers/${home.id}/members/${id}`);
    expect(await old.next("user_left_channel", mine)).toEqual({ type: "user_left_channel", ...member });
  });

  test("announce channels that are created, renamed, moved and deleted", async () => {
    const created_by = { id: bob.me.id, username: "bob" };
    // Version 1 knows no forums.
    await bob.post(`/api/servers/${home.id}/channels`, { name: "help", type: "forum" });
    const { id } = await bob.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "news", type: "text" });
    expect(await old.next("text_channel_created")).toMatchObject({
      channel_id: home.id,
      text_channel: { id, name: "news", type: "text", serverId: home.id },
      created_by,
    });
    await bob.post(`/api/servers/${home.id}/channels`, { name: "stage", type: "voice" });
    expect(await old.next("voice_channel_created")).toMatchObject({
      channel_id: home.id,
      voice_channel: { name: "stage", type: "voice" },
      created_by,
    });
    await bob.patch(`/api/channels/${id}`, { name: "old news" });
    expect(await old.next("channel_updated")).toMatchObject({
      channel_id: home.id,
      changes: { channel: { id, name: "old news" } },
    });
    await bob.delete(`/api/channels/${id}`);
    await old.next("channel_updated", ({ changes }) => changes.deleted_channel_id === id);
  });

  test("announce voice participants and screen sharing of both protocol versions", async () => {
    const call = new TestSocket(`${server.url.replace("http", "ws")}/ws/voice/${voiceId}?token=${bob.token}`);
    await call.next("participants");
    const where = { user_id: bob.me.id, username: "bob", voice_channel_id: voiceId, channel_id: home.id };
    const named = { ...where, voice_channel_name: home.channels.find(({ id }) => id === voiceId)!.name };
    expect(await old.next("voice_channel_join")).toEqual({ type: "voice_channel_join", ...named });
    call.send({ type: "screen_share_start" });
    expect(await old.next("screen_share_started")).toEqual({ type: "screen_share_started", ...where });
    call.send({ type: "screen_share_stop" });
    expect(await old.next("screen_share_stopped")).toEqual({ type: "screen_share_stopped", ...where });
    await call.close();
    expect(await old.next("voice_channel_leave")).toEqual({ type: "voice_channel_leave", ...named });
  });

  test("make their user online and announce the status of others", async () => {
    const socket = await enhanced(bob);
    const guest = await newcomer();
    await guest.join(await bob.invite(home.id));
    const theirs = await OldClient.connect(server.url, "/ws/legacy/notifications", guest.token!);
    const isGuest = (frame: { user_id: number }) => frame.user_id === guest.me.id;
    const isOldGuest = (frame: OldFrame) => frame["user_id"] === guest.me.id;
    expect(await socket.next("user_status_changed", isGuest)).toMatchObject({ status: "online" });
    expect(await old.next("user_status_changed", isOldGuest)).toMatchObject({ status: "online", is_online: true });
    const chat = await OldClient.connect(server.url, `/ws/legacy/chat/${home.channels[0]!.id}`, guest.token!);
    await theirs.close();
    await chat.close();
    const gone = await old.next("user_status_changed", (frame) => isOldGuest(frame) && frame["status"] === "offline");
    expect(gone).toMatchObject({ is_online: false });
    await socket.next("user_status_changed", (event) => isGuest(event) && event.status === "offline");
    expect(socket.all("user_status_changed").filter(isGuest)).toHaveLength(2);
    await socket.close();
  });

  test("do not deliver messages of channels", async () => {
    await bob.send(home.channels.find(({ type }) => type === "text")!.id, "@ann are you there?");
    await roundTrip();
    for (const type of ["new_message", "notification", "read_updated", "channel_activity", "batch"]) {
      expect(old.all(type)).toEqual([]);
    }
  });
});
