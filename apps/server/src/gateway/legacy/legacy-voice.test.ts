import { randomUUID } from "node:crypto";
import { legacyVoiceEvent } from "@miscord/protocol/schemas";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { OldClient } from "./testing/old-client.ts";

describe("a version 1 call beside a client of /ws/voice", () => {
  let server: TestServer;
  let ann: TestClient;
  let bob: TestClient;
  let cat: TestClient;
  let serverId: number;
  let voiceId: number;
  let textId: number;
  const open: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    server = await startTestServer({ voiceRoomLimit: 3, forwardsVoice: false });
    const register = (name: string) => TestClient.register(server.url, name);
    [ann, bob, cat] = await Promise.all([register("ann"), register("bob"), register("cat")]);
    const home = await ann.createServer();
    serverId = home.id;
    for (const guest of [bob, cat]) await guest.join(await ann.invite(home.id));
    voiceId = home.channels.find(({ type }) => type === "voice")!.id;
    textId = home.channels.find(({ type }) => type === "text")!.id;
  });
  afterAll(() => server.cleanup());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((socket) => socket.close()));
  });

  async function oldCall({ token }: TestClient): Promise<OldClient> {
    const client = await OldClient.connect(server.url, `/ws/legacy/voice/${voiceId}`, token!);
    open.push({
      async close() {
        await client.close();
        for (const frame of client.frames) legacyVoiceEvent.parse(frame);
      },
    });
    await client.next("participants");
    return client;
  }

  async function newCall({ token }: TestClient): Promise<TestSocket> {
    const socket = new TestSocket(
      `${server.url.replace("http", "ws")}/ws/voice/${voiceId}?token=${token}&session=${randomUUID()}`,
    );
    open.push(socket);
    await socket.next("participants");
    return socket;
  }

  const flags = { is_muted: false, is_deafened: false, is_speaking: false, is_sharing: false };

  test("starts with the participants, who see the new one", async () => {
    const enhanced = await newCall(bob);
    const old = await oldCall(ann);
    const hello = await old.next("participants");
    expect(Object.keys(hello).toSorted()).toEqual(["ice_servers", "ice_transport_policy", "participants", "type"]);
    expect(hello["participants"]).toMatchObject([
      { user_id: bob.me.id, username: "bob", avatar_url: null, is_legacy: false, ...flags },
    ]);
    expect(await enhanced.next("user_joined_voice")).toMatchObject({
      user_id: ann.me.id,
      username: "ann",
      is_legacy: true,
      ...flags,
    });
    const third = await newCall(cat);
    expect(await old.next("user_joined_voice")).toMatchObject({ user_id: cat.me.id, username: "cat", ...flags });
    expect((await third.next("participants")).participants).toMatchObject([
      { user_id: bob.me.id, is_legacy: false },
      { user_id: ann.me.id, is_legacy: true },
    ]);
    await third.close();
    expect(await old.next("user_left_voice")).toEqual({ type: "user_left_voice", user_id: cat.me.id });
  });

  test("negotiates with a /ws/voice client: nested objects on one side, plain SDP on the other", async () => {
    const [old, enhanced] = [await oldCall(ann), await newCall(bob)];
    old.send({ type: "offer", target_id: bob.me.id, offer: { type: "offer", sdp: "v=0 old" } });
    expect(await enhanced.next("offer")).toEqual({ type: "offer", from_id: ann.me.id, sdp: "v=0 old" });
    enhanced.send({ type: "answer", target_id: ann.me.id, sdp: "v=0 new", connection_id: "c" });
    expect(await old.next("answer")).toEqual({
      type: "answer",
      from_id: bob.me.id,
      answer: { type: "answer", sdp: "v=0 new" },
    });
    const ice = { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };
    old.send({ type: "ice_candidate", target_id: bob.me.id, candidate: { ...ice, usernameFragment: "u" } });
    expect(await enhanced.next("ice_candidate")).toEqual({ type: "ice_candidate", from_id: ann.me.id, ...ice });
    enhanced.send({ type: "ice_candidate", target_id: ann.me.id, candidate: null });
    enhanced.send({ type: "ice_candidate", target_id: ann.me.id, ...ice });
    expect(await old.next("ice_candidate")).toEqual({ type: "ice_candidate", from_id: bob.me.id, candidate: ice });
    enhanced.send({ type: "offer", target_id: ann.me.id, sdp: "v=0 again" });
    expect(await old.next("offer")).toMatchObject({ offer: { type: "offer", sdp: "v=0 again" } });
    old.send({ type: "answer", target_id: bob.me.id, answer: { type: "answer", sdp: "v=0 yes" } });
    expect(await enhanced.next("answer")).toMatchObject({ from_id: ann.me.id, sdp: "v=0 yes" });
  });

  test("passes the offers of both ends between two version 1 clients", async () => {
    const [one, two] = [await oldCall(ann), await oldCall(bob)];
    one.send({ type: "offer", target_id: bob.me.id, offer: { type: "offer", sdp: "v=0 one" } });
    two.send({ type: "offer", target_id: ann.me.id, offer: { type: "offer", sdp: "v=0 two" } });
    expect(await two.next("offer")).toMatchObject({ from_id: ann.me.id, offer: { sdp: "v=0 one" } });
    expect(await one.next("offer")).toMatchObject({ from_id: bob.me.id, offer: { sdp: "v=0 two" } });
  });

  test("receives speaking, muting and sharing as single events, and sends them to others in batches", async () => {
    const [old, enhanced] = [await oldCall(ann), await newCall(bob)];
    enhanced.send({ type: "speaking", is_speaking: true });
    expect(await old.next("user_speaking")).toEqual({ type: "user_speaking", user_id: bob.me.id, is_speaking: true });
    enhanced.send({ type: "mute", is_muted: true });
    expect(await old.next("user_muted")).toEqual({ type: "user_muted", user_id: bob.me.id, is_muted: true });
    await old.next("user_speaking", (frame) => frame["user_id"] === bob.me.id && frame["is_speaking"] === false);
    enhanced.send({ type: "deafen", is_deafened: true });
    const deafened = { type: "user_deafened", user_id: bob.me.id, is_deafened: true };
    expect(await old.next("user_deafened")).toEqual(deafened);
    enhanced.send({ type: "screen_share_start" });
    const bobs = { user_id: bob.me.id, username: "bob" };
    expect(await old.next("screen_share_started")).toEqual({ type: "screen_share_started", ...bobs });
    enhanced.send({ type: "screen_share_stop" });
    expect(await old.next("screen_share_stopped")).toEqual({ type: "screen_share_stopped", ...bobs });

    old.send({ type: "speaking", is_speaking: true });
    await enhanced.next("batch_speaking", ({ events }) => events[ann.me.id] === true);
    old.send({ type: "mute", is_muted: true });
    await enhanced.next("batch_status", ({ events }) => events[ann.me.id]?.is_muted === true);
    old.send({ type: "deafen", is_deafened: true });
    await enhanced.next("batch_status", ({ events }) => events[ann.me.id]?.is_deafened === true);
    old.send({ type: "screen_share_start" });
    expect(await enhanced.next("screen_share_started")).toMatchObject({ user_id: ann.me.id, username: "ann" });
    old.send({ type: "screen_share_stop" });
    await enhanced.next("screen_share_stopped");
    for (const type of ["batch_speaking", "batch_status", "quality_changed"]) expect(old.all(type)).toEqual([]);
  });

  test("refuses signals to users outside the room, plain SDP and oversized frames, and stays open", async () => {
    const [old, enhanced] = [await oldCall(ann), await newCall(bob)];
    const refused = async (frame: object, code: string, ref: number) => {
      old.send({ ...frame, ref });
      expect(await old.next("error", (error) => error["ref"] === ref)).toMatchObject({ code });
    };
    await refused({ type: "offer", target_id: cat.me.id, offer: { type: "offer", sdp: "v=0" } }, "not_found", 1);
    await refused({ type: "offer", target_id: bob.me.id, sdp: "v=0" }, "invalid_request", 2);
    const giant = { type: "offer", sdp: "x".repeat(60_000) };
    await refused({ type: "offer", target_id: bob.me.id, offer: giant }, "invalid_request", 3);
    await refused(
      { type: "answer", target_id: bob.me.id, answer: { type: "offer", sdp: "v=0" } },
      "invalid_request",
      4,
    );
    await refused({ type: "quality_report", rtt_ms: 1 }, "unknown_type", 5);
    old.send({ type: "offer", target_id: bob.me.id, offer: { type: "offer", sdp: "v=0" } });
    await enhanced.next("offer");
  });

  test("ends when its connection is lost, and the next connection starts a new call", async () => {
    const [old, enhanced] = [await oldCall(ann), await newCall(bob)];
    const again = await oldCall(ann);
    expect((await old.closed).code).toBe(4009);
    await enhanced.next("user_left_voice", ({ user_id }) => user_id === ann.me.id);
    await expect.poll(() => enhanced.all("user_joined_voice")).toHaveLength(1);
    expect((await again.next("participants"))["participants"]).toHaveLength(1);
  });

  test("closes with 4001 for a bad token, 4004 for a channel without access, 4005 for a full channel", async () => {
    const stranger = await TestClient.register(server.url, "stranger");
    const code = async (path: string, token: string) => (await new OldClient(server.url, path, token).closed).code;
    expect(await code(`/ws/legacy/voice/${voiceId}`, "nonsense")).toBe(4001);
    expect(await code(`/ws/legacy/voice/${voiceId}`, stranger.token!)).toBe(4004);
    expect(await code(`/ws/legacy/voice/${textId}`, ann.token!)).toBe(4004);
    expect(await code("/ws/legacy/voice/999999", ann.token!)).toBe(4004);
    await Promise.all([oldCall(ann), newCall(bob), oldCall(cat)]);
    await stranger.join(await ann.invite(serverId));
    expect(await code(`/ws/legacy/voice/${voiceId}`, stranger.token!)).toBe(4005);
  });
});
