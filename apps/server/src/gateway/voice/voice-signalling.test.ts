import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createChannel } from "../../store/conformance/world.ts";
import type { RealtimeWorld, TestPerson } from "../../testing/realtime-world.ts";
import { openVoiceWorld, relay, type VoiceWorld } from "./testing/voice-world.ts";

let world: RealtimeWorld;
let ann: TestPerson;
let bob: TestPerson;
let stranger: TestPerson;
let serverId: number;
let voiceId: number;
let dial: VoiceWorld["dial"];
let enter: VoiceWorld["enter"];

async function open(options: Parameters<typeof openVoiceWorld>[0] = {}): Promise<void> {
  ({ world, ann, bob, stranger, serverId, voiceId, dial, enter } = await openVoiceWorld(options));
}

beforeEach(() => open());
afterEach(() => world.close());

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

  test("has a rate of the user, which another connection does not begin anew", async () => {
    const session = randomUUID();
    const first = await enter(ann, session);
    for (let i = 0; i < 21; i += 1) first.send({ type: "mute", is_muted: i % 2 === 0, ref: i });
    expect(await first.next("error")).toMatchObject({ code: "rate_limited", ref: 20, retry_after_ms: 250 });
    const again = await enter(ann, session);
    again.send({ type: "mute", is_muted: true, ref: "again" });
    expect(await again.next("error")).toMatchObject({ code: "rate_limited", ref: "again" });
    const other = await enter(bob);
    other.send({ type: "mute", is_muted: true });
    await other.roundTrip();
    expect(other.all("error")).toEqual([]);
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
