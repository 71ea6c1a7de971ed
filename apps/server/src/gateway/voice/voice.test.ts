import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteChannel } from "../../domain/servers/channels.ts";
import { kickMember } from "../../domain/servers/members.ts";
import { createChannel } from "../../store/conformance/world.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import type { Voice } from "../../voice/create-voice.ts";
import { voiceQuality } from "../../monitoring/voice-metrics.ts";

let world: RealtimeWorld;
let ann: TestPerson;
let bob: TestPerson;
let stranger: TestPerson;
let serverId: number;
let textId: number;
let voiceId: number;

async function open(options: Parameters<typeof RealtimeWorld.open>[0] = {}): Promise<void> {
  world = await RealtimeWorld.open(options);
  ann = await world.person("ann");
  bob = await world.person("bob");
  stranger = await world.person("stranger");
  ({ serverId, channelId: textId } = await world.server(ann, bob));
  voiceId = await createChannel(world.store, serverId, "voice");
}

const relay = { turnUrls: ["turn:relay:3478"], turnSecret: "s".repeat(16), stunUrls: ["stun:relay:3478"] };

beforeEach(() => open());
afterEach(() => world.close());

function dial({ token }: TestPerson, session: string = randomUUID(), channelId = voiceId): TestSocket {
  return world.dial(`/ws/voice/${channelId}?token=${token}&session=${session}`);
}

async function enter(person: TestPerson, session?: string): Promise<TestSocket> {
  const socket = dial(person, session);
  await socket.next("participants");
  return socket;
}

describe("entering a voice channel", () => {
  test("starts with its participants, ICE servers and settings", async () => {
    await world.close();
    await open({ voice: { ...relay, voiceRelayOnly: false } });
    await enter(ann);
    const socket = await enter(bob);
    const { participants, ice_servers, ice_transport_policy, channel_settings } = await socket.next("participants");
    expect(ice_transport_policy).toBe("all");
    expect(participants).toMatchObject([{ user_id: ann.id, username: ann.name, is_muted: false, is_sharing: false }]);
    expect(ice_servers).toEqual([
      { urls: ["stun:relay:3478"] },
      {
        urls: ["turn:relay:3478"],
        username: expect.stringMatching(`^\\d+:${bob.id}$`),
        credential: expect.any(String),
      },
    ]);
    expect(channel_settings).toEqual({ max_participants: 10, bitrate: 64_000 });
  });

  test("is announced to the server's members and shown in the server state", async () => {
    const main = await world.connect(bob);
    const voice = await enter(ann);
    const joined = await main.next("voice_channel_join");
    expect(joined).toMatchObject({ server_id: serverId, channel_id: voiceId, user: { id: ann.id } });
    expect(world.context.voice.statesOf(serverId)).toMatchObject([{ channel_id: voiceId, user: { id: ann.id } }]);
    await voice.close();
    expect(await main.next("voice_channel_leave")).toMatchObject({ channel_id: voiceId, user_id: ann.id });
  });

  test.each([
    ["a bad token", () => world.dial(`/ws/voice/${voiceId}?token=nonsense`), closeCodes.tokenInvalid],
    ["a channel of another server", () => dial(stranger), closeCodes.notFound],
    ["a text channel", () => dial(ann, randomUUID(), textId), closeCodes.notFound],
    ["a channel that does not exist", () => dial(ann, randomUUID(), 999_999), closeCodes.notFound],
    ["a call id that is no UUID", () => dial(ann, "x"), closeCodes.malformed],
  ])("is refused for %s", async (_, attempt, code) => {
    expect((await attempt().closed).code).toBe(code);
  });

  test("is refused when the voice channel is full", async () => {
    await world.close();
    await open({ voice: { voiceRoomLimit: 1 } });
    await enter(ann);
    expect((await dial(bob).closed).code).toBe(closeCodes.voiceChannelFull);
  });
});

describe("voice signalling", () => {
  test("reaches its target alone, with the sender's id and unknown fields", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    a.send({ type: "offer", target_id: bob.id, sdp: "v=0", connection_id: "c1", from_id: 999, restart: true });
    expect(await b.next("offer")).toEqual({
      type: "offer",
      from_id: ann.id,
      sdp: "v=0",
      connection_id: "c1",
      restart: true,
    });
    b.send({ type: "ice_candidate", target_id: ann.id, candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 });
    expect(await a.next("ice_candidate")).toMatchObject({ from_id: bob.id, candidate: "candidate:1", sdpMid: "0" });
    expect(a.all("offer")).toEqual([]);
    expect(world.realtime.voiceStats).toMatchObject({ offers: 1, answers: 0, candidates: 1 });
  });

  test("is refused for unknown users, oneself and users outside a call", async () => {
    const a = await enter(ann);
    for (const target_id of [999_999, ann.id, stranger.id]) {
      a.send({ type: "ice_candidate", target_id, candidate: "candidate:1", ref: target_id });
      expect(await a.next("error", ({ ref }) => ref === target_id)).toMatchObject({ code: "not_found" });
    }
    expect(a.all("ice_candidate")).toEqual([]);
  });

  test("above the rate of a sender and target is refused to the sender, and the target stays in the call", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    b.ws.pause();
    for (let i = 0; i < 120; i += 1) a.send({ type: "offer", target_id: bob.id, sdp: "x".repeat(48 * 1024), ref: i });
    const refusal = await a.next("error");
    expect(refusal).toMatchObject({ code: "rate_limited", ref: 5, retry_after_ms: expect.any(Number) });
    b.ws.resume();
    await b.roundTrip();
    expect(b.all("offer")).toHaveLength(5);
    expect(b.ws.readyState).toBe(b.ws.OPEN);
    expect((await a.closed).code).toBe(closeCodes.rateLimited);
  });

  test("to a participant whose connection is behind is refused to the sender, and the participant stays", async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => world.person("member")));
    const shared = await world.server(bob, ...people);
    const channelId = await createChannel(world.store, shared.serverId, "voice");
    const b = dial(bob, randomUUID(), channelId);
    await b.next("participants");
    b.ws.pause();
    for (const person of people) {
      const socket = dial(person, randomUUID(), channelId);
      await socket.next("participants");
      for (let i = 0; i < 5; i += 1) socket.send({ type: "offer", target_id: bob.id, sdp: "x".repeat(48 * 1024) });
      await socket.roundTrip();
    }
    b.ws.resume();
    await b.roundTrip();
    expect(b.ws.readyState).toBe(b.ws.OPEN);
  });

  test("is refused for users of another channel, with the frame's ref", async () => {
    const elsewhere = await createChannel(world.store, serverId, "voice");
    const a = await enter(ann);
    const b = dial(bob, randomUUID(), elsewhere);
    await b.next("participants");
    a.send({ type: "offer", target_id: bob.id, sdp: "v=0", ref: "r1" });
    expect(await a.next("error")).toMatchObject({ code: "not_found", ref: "r1" });
    expect(b.all("offer")).toEqual([]);
  });

  test("that is oversized, malformed or of unknown type is refused without affecting others", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    a.send({ type: "offer", target_id: bob.id, sdp: "x".repeat(60_000), ref: 1 });
    expect(await a.next("error")).toMatchObject({ code: "invalid_request", ref: 1 });
    a.send({ type: "ice_candidate", target_id: "bob", candidate: {}, ref: 2 });
    expect(await a.next("error", ({ ref }) => ref === 2)).toMatchObject({ code: "invalid_request" });
    a.send({ type: "dance", ref: 3 });
    expect(await a.next("error", ({ ref }) => ref === 3)).toMatchObject({ code: "unknown_type" });
    a.send({ type: "offer", target_id: bob.id, sdp: "v=0" });
    expect(await b.next("offer")).toMatchObject({ from_id: ann.id });
    a.send(JSON.stringify({ type: "offer", target_id: bob.id, sdp: "x".repeat(100_000) }));
    expect((await a.closed).code).toBe(closeCodes.malformed);
    await b.roundTrip();
    expect(b.all("user_left_voice")).toEqual([]);
  });

  test("above its rate gets rate_limited, then closes that connection and no other", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    for (let i = 0; i < 800; i++) a.send({ type: "ice_candidate", target_id: bob.id, candidate: "" });
    expect(await a.next("error")).toMatchObject({ code: "rate_limited", retry_after_ms: expect.any(Number) });
    expect((await a.closed).code).toBe(closeCodes.rateLimited);
    await b.roundTrip();
    expect(b.all("ice_candidate").length).toBeLessThanOrEqual(600);
  });
});

describe("with a TURN server, a voice channel", () => {
  const host = "candidate:1 1 udp 2122260223 192.168.1.20 51000 typ host";
  const relayed = "candidate:4 1 udp 41819902 198.51.100.1 49200 typ relay raddr 192.168.1.20 rport 51000";

  test("tells clients to use that server only", async () => {
    await world.close();
    await open({ voice: relay });
    const { ice_servers, ice_transport_policy } = await (await enter(ann)).next("participants");
    expect(ice_transport_policy).toBe("relay");
    expect(ice_servers).toMatchObject([{ urls: ["turn:relay:3478"] }]);
    const old = world.dial(`/ws/legacy/voice/${voiceId}?token=${bob.token}`);
    expect(await old.next("participants")).toMatchObject({ ice_transport_policy: "relay" });
  });

  test.each(["/ws/voice", "/ws/legacy/voice"])("shows nobody the address of a client of %s", async (path) => {
    await world.close();
    await open({ voice: relay });
    const a = await enter(ann);
    const b = world.dial(`${path}/${voiceId}?token=${bob.token}`);
    await b.next("participants");
    const isLegacy = path.includes("legacy");
    const sdp = `v=0\r\nc=IN IP4 192.168.1.20\r\na=${host}\r\n`;
    b.send({ type: "offer", target_id: ann.id, ...(isLegacy ? { offer: { type: "offer", sdp } } : { sdp }) });
    for (const candidate of [host, relayed]) {
      const line = { candidate, sdpMid: "0", sdpMLineIndex: 0 };
      b.send({ type: "ice_candidate", target_id: ann.id, ...(isLegacy ? { candidate: line } : line) });
    }
    await a.next("ice_candidate");
    expect(JSON.stringify([a.all("offer"), a.all("ice_candidate")])).not.toContain("192.168.1.20");
    expect(a.all("ice_candidate")).toMatchObject([{ candidate: expect.stringContaining("198.51.100.1") }]);
  });
});

describe("voice status", () => {
  test("is sent in batches, and to other members of the server", async () => {
    const main = await world.connect(bob);
    const [a, b] = [await enter(ann), await enter(bob)];
    a.send({ type: "speaking", is_speaking: true });
    a.send({ type: "deafen", is_deafened: true });
    a.send({ type: "screen_share_start" });
    expect(await b.next("screen_share_started")).toMatchObject({ user_id: ann.id, username: ann.name });
    await a.roundTrip();
    world.clock.advance(50);
    expect(await b.next("batch_speaking")).toMatchObject({ events: { [ann.id]: true } });
    expect(await b.next("batch_status")).toMatchObject({ events: { [ann.id]: { is_deafened: true } } });
    world.clock.advance(1_000);
    expect(await main.next("voice_state_updated")).toMatchObject({ state: { is_deafened: true, channel_id: voiceId } });
    expect(await main.next("screen_share_started")).toMatchObject({ channel_id: voiceId, user_id: ann.id });
    expect(await main.next("voice_speaking")).toMatchObject({ channel_id: voiceId, user_ids: [ann.id] });
  });

  test("is shown to participants who join later", async () => {
    const a = await enter(ann);
    a.send({ type: "mute", is_muted: true });
    await a.roundTrip();
    const b = await enter(bob);
    expect((await b.next("participants")).participants).toMatchObject([{ user_id: ann.id, is_muted: true }]);
  });
});

describe("resuming a call", () => {
  test("with the same call id within ten seconds is not announced", async () => {
    const session = randomUUID();
    const a = await enter(ann, session);
    const b = await enter(bob);
    a.ws.terminate();
    await expect.poll(() => world.realtime.voice.connections.size).toBe(1);
    world.clock.advance(9_000);
    await enter(ann, session);
    await b.roundTrip();
    expect(b.all("user_left_voice")).toEqual([]);
    expect(b.all("user_joined_voice")).toEqual([]);
  });

  test("after ten seconds is a leave and a new join", async () => {
    const a = await enter(ann);
    const b = await enter(bob);
    a.ws.terminate();
    await expect.poll(() => world.realtime.voice.connections.size).toBe(1);
    world.clock.advance(10_000);
    expect(await b.next("user_left_voice")).toEqual({ type: "user_left_voice", user_id: ann.id });
  });

  test("from another window closes the first connection with 4009", async () => {
    const first = await enter(ann);
    await enter(ann);
    expect((await first.closed).code).toBe(closeCodes.replaced);
  });

  test("is requested by server_draining before a planned stop closes with 1012", async () => {
    const a = await enter(ann);
    const drained = world.realtime.gateway.drain();
    expect(await a.next("server_draining")).toMatchObject({ reconnect_after_ms: expect.any(Number) });
    expect((await a.closed).code).toBe(closeCodes.restart);
    await drained;
  });
});

describe("quality reports", () => {
  test("are averaged over the latest report of each client", async () => {
    const { rooms } = world.context.voice as Voice;
    const { voice, voiceStats: stats } = world.realtime;
    const quality = () => voiceQuality({ rooms, stats, connections: voice.connections });
    const [a, b] = [await enter(ann), await enter(bob)];
    expect(quality()).toMatchObject({ participants: 2, reports: 0, rttMs: null, loss: null });
    const report = { type: "quality_report", jitter_ms: 4, bitrate: 40_000 };
    a.send({ ...report, rtt_ms: 900, loss: 0.9 });
    a.send({ ...report, rtt_ms: 100, loss: 0.1 });
    b.send({ ...report, rtt_ms: 200, loss: 0.3 });
    await Promise.all([a.roundTrip(), b.roundTrip()]);
    expect(quality()).toEqual({ participants: 2, reports: 3, rttMs: 150, jitterMs: 4, loss: 0.2, bitrate: 40_000 });
    await Promise.all([a.close(), b.close()]);
    await expect.poll(quality).toMatchObject({ participants: 0, reports: 3, rttMs: null });
  });
});

describe("a call ends for", () => {
  test("a member who is removed from the server", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    await kickMember(world.context, { userId: ann.id }, serverId, bob.id);
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
  });

  test("every participant of a deleted channel", async () => {
    const sockets = [await enter(ann), await enter(bob)];
    await deleteChannel(world.context, { userId: ann.id }, voiceId);
    for (const socket of sockets) expect((await socket.closed).code).toBe(closeCodes.notFound);
  });

  test("a participant whose token is not renewed", async () => {
    const short = { ...ann, ...(await world.session(ann.id, 61_000)) };
    const a = await enter(short);
    world.clock.advance(2_000);
    await a.next("token_expiring");
    a.send({ type: "auth_refresh", token: await world.token(ann.id, short.sessionId, 900_000) });
    await a.roundTrip();
    world.clock.advance(20_000);
    await a.roundTrip();
    const b = await enter({ ...bob, ...(await world.session(bob.id, 10_000)) });
    world.clock.advance(11_000);
    expect((await b.closed).code).toBe(closeCodes.tokenInvalid);
  });
});
