import { closeCodes } from "@miscord/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { unrestrained, type Signal } from "./events.ts";
import { createMesh } from "./mesh.ts";
import { meshRouting, type MediaMember } from "./routing.ts";
import { RecordingPort } from "./testing/recording-port.ts";
import { VoicePresence, voiceStatesOf, type AnnounceToViewers } from "./voice-presence.ts";
import { VoiceRooms, type JoinHandle } from "./voice-rooms.ts";

const lobby = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };
const cellar = { id: 2, serverId: 10, name: "Cellar", isRestricted: false };
const offer: Signal = { kind: "offer", sdp: "v=0", extra: {} };

const big = "x".repeat(48 * 1024);
const bigSignals: [string, Signal][] = [
  ["descriptions", { kind: "offer", sdp: big, extra: {} }],
  ["fields that only clients know", { kind: "offer", sdp: "", extra: { connection_id: big } }],
  ["candidates", { kind: "candidate", candidate: "", sdpMid: big, sdpMLineIndex: null, extra: {} }],
];

let clock: ManualClock;
let rooms: VoiceRooms;
let announced: Parameters<AnnounceToViewers>[1][];

beforeEach(() => {
  clock = new ManualClock();
  announced = [];
  rooms = new VoiceRooms({
    clock,
    routing: meshRouting(mesh()),
    observer: new VoicePresence(clock, (_serverId, event) => void announced.push(event)),
  });
});

function mesh() {
  const ice = { stunUrls: ["stun:one"], turnUrls: [], turnSecret: undefined, turnTtlMs: 1, voiceRelayOnly: true };
  return createMesh({ ...ice, maxParticipants: 3 }, clock);
}

function enter(
  userId: number,
  channel = lobby,
  callId = `call-${userId}`,
  isLegacy = false,
): { port: RecordingPort; handle: JoinHandle } {
  const port = new RecordingPort();
  const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
  return { port, handle: rooms.enter({ user, channel, callId, isLegacy, canForward: false, port }) };
}

describe("signals to one participant", () => {
  test.each(bigSignals)("above a rate are refused, whatever they carry: %s", (_, signal) => {
    const [ada, bob, eve] = [enter(1), enter(2), enter(3)];
    for (let i = 0; i < 5; i++) ada.handle.signal(2, signal);
    const refusal = expect.objectContaining({ code: "rate_limited", retryAfterMs: expect.any(Number) });
    expect(() => ada.handle.signal(2, signal)).toThrow(refusal);
    expect(bob.port.of("signal")).toHaveLength(5);
    // Neither for another target nor from another sender.
    ada.handle.signal(3, signal);
    eve.handle.signal(2, signal);
    // A new connection does not start with a new allowance.
    expect(() => enter(1).handle.signal(2, signal)).toThrow(refusal);
    clock.advance(2_000);
    ada.handle.signal(2, signal);
    enter(1).handle.signal(2, signal);
    expect(bob.port.of("signal")).toHaveLength(7);
  });

  test("are refused while its connection is behind", () => {
    const [ada, bob] = [enter(1), enter(2)];
    bob.port.isBehind = true;
    const refusal = { code: "rate_limited", retryAfterMs: 1_000 };
    expect(() => ada.handle.signal(2, offer)).toThrow(expect.objectContaining(refusal));
    bob.port.isBehind = false;
    ada.handle.signal(2, offer);
    expect(bob.port.of("signal")).toHaveLength(1);
  });
});

describe("entering a room", () => {
  test("sends the participants to the new one, and the join to the others", () => {
    const ada = enter(1);
    const bob = enter(2);
    const [entered] = bob.port.of("entered");
    expect(entered!.participants.map(({ user }) => user.id)).toEqual([1]);
    expect(entered!.ice).toEqual({ servers: [{ urls: ["stun:one"] }], isRelayOnly: false });
    expect(entered!.settings).toEqual({ maxParticipants: 3, bitrate: 64_000 });
    expect(ada.port.of("joined").map(({ participant }) => participant.user.id)).toEqual([2]);
    expect(bob.port.of("joined")).toEqual([]);
  });

  test("refuses a participant above the limit, who stays in the former room", () => {
    [1, 2, 3].forEach((id) => enter(id));
    const dan = enter(4, cellar);
    expect(() => enter(4, lobby)).toThrow(expect.objectContaining({ code: "voice_channel_full" }));
    expect(dan.port.closed).toBeNull();
    expect(rooms.rooms.get(cellar.id)!.participants.has(4)).toBe(true);
  });

  test("removes the user from the former channel", () => {
    const ada = enter(1);
    const bob = enter(2);
    enter(1, cellar, "another");
    expect(ada.port.closed?.code).toBe(closeCodes.replaced);
    expect(bob.port.of("left")).toEqual([{ kind: "left", userId: 1 }]);
    expect(announced.map(({ type }) => type)).toEqual([
      "voice_channel_join",
      "voice_channel_join",
      "voice_channel_leave",
      "voice_channel_join",
    ]);
  });

  test("from a second window replaces the first: others see a leave and a join", () => {
    const ada = enter(1);
    const bob = enter(2);
    enter(1, lobby, "second window");
    expect(ada.port.closed?.code).toBe(closeCodes.replaced);
    expect(bob.port.of("left")).toHaveLength(1);
    expect(bob.port.of("joined").map(({ participant }) => participant.callId)).toEqual(["second window"]);
    ada.handle.setStatus({ isMuted: true });
    ada.handle.release(true);
    expect(rooms.rooms.get(lobby.id)!.participants.get(1)!.isMuted).toBe(false);
  });
});

describe("a call whose connection is lost", () => {
  test("is resumed with its call id unnoticed, and gets the signals kept for it", () => {
    const ada = enter(1);
    const bob = enter(2);
    ada.handle.release(false);
    clock.advance(9_999);
    bob.handle.signal(1, offer);
    const back = enter(1);
    expect(bob.port.events.map(({ kind }) => kind)).toEqual(["entered"]);
    expect(back.port.events.map(({ kind }) => kind)).toEqual(["entered", "signal"]);
    expect(back.port.of("signal")).toEqual([{ kind: "signal", fromId: 2, signal: offer }]);
    clock.advance(60_000);
    expect(rooms.rooms.get(lobby.id)!.participants.has(1)).toBe(true);
  });

  test("ends after ten seconds", () => {
    const ada = enter(1);
    const bob = enter(2);
    ada.handle.release(false);
    clock.advance(10_000);
    expect(bob.port.of("left")).toEqual([{ kind: "left", userId: 1 }]);
    expect(announced.at(-1)).toMatchObject({ type: "voice_channel_leave", user_id: 1, channel_name: "Lobby" });
  });

  test.each(bigSignals)("keeps a bounded amount of signals: %s", (_, signal) => {
    const ada = enter(1);
    const bob = enter(2);
    ada.handle.release(false);
    for (let i = 0; i < 5; i++) bob.handle.signal(1, signal);
    expect(() => bob.handle.signal(1, signal)).toThrow(expect.objectContaining({ code: "unavailable" }));
  });

  test("keeps the latest offer of the forwarding unit, also when no more signals are kept", () => {
    const members: MediaMember[] = [];
    const seat = { signal() {}, ask() {}, update() {}, parted() {}, leave() {} };
    const join = (member: MediaMember) => (members.push(member), seat);
    rooms = new VoiceRooms({
      clock,
      routing: meshRouting({ ...mesh(), join }),
      observer: new VoicePresence(clock, () => {}),
    });
    const [ada, bob] = [enter(1), enter(2)];
    ada.handle.release(false);
    const refusal = expect.objectContaining({ code: "unavailable" });
    for (let i = 0; i < 5; i++) bob.handle.signal(1, { kind: "offer", sdp: big, extra: {} });
    expect(() => bob.handle.signal(1, { kind: "offer", sdp: big, extra: {} })).toThrow(refusal);
    const offered = (sdp: string) =>
      ({ kind: "signal", fromId: 0, signal: { kind: "offer", sdp, extra: {} } }) as const;
    for (const sdp of ["of a unit that was replaced", "of the present unit"]) members[0]!.deliver(offered(sdp));
    const received = enter(1).port.of("signal");
    expect(received).toHaveLength(6);
    expect(received.filter(({ fromId }) => fromId === 0)).toEqual([offered("of the present unit")]);
  });

  test("keeps its participant in a full room", () => {
    const [ada] = [1, 2, 3].map((id) => enter(id));
    ada!.handle.release(false);
    expect(() => enter(4)).toThrow(expect.objectContaining({ code: "voice_channel_full" }));
    expect(enter(1).port.of("entered")).toHaveLength(1);
  });
});

describe("signalling in a room", () => {
  test("reaches its target at once and nobody else", () => {
    const [ada, bob, cy] = [enter(1), enter(2), enter(3)];
    ada.handle.signal(2, offer);
    expect(bob.port.of("signal")).toEqual([{ kind: "signal", fromId: 1, signal: offer }]);
    expect(cy.port.of("signal")).toEqual([]);
  });

  test("is refused for unknown users, users of other rooms and oneself", () => {
    const ada = enter(1);
    enter(2, cellar);
    for (const target of [1, 2, 99]) {
      expect(() => ada.handle.signal(target, offer)).toThrow(expect.objectContaining({ code: "not_found" }));
    }
  });
});

describe("speaking and status", () => {
  test("are collected for 50 ms, with the last state of each participant", () => {
    const [ada, bob] = [enter(1), enter(2)];
    ada.handle.setSpeaking(true);
    bob.handle.setSpeaking(true);
    ada.handle.setSpeaking(false);
    ada.handle.setStatus({ isMuted: true });
    ada.handle.setStatus({ isDeafened: true });
    expect(bob.port.of("speaking")).toEqual([]);
    clock.advance(50);
    expect(bob.port.of("speaking").map(({ events }) => Object.fromEntries(events))).toEqual([{ 1: false, 2: true }]);
    expect(bob.port.of("status").map(({ events }) => Object.fromEntries(events))).toEqual([
      { 1: { isMuted: true, isDeafened: true } },
    ]);
  });

  test("do not show muted participants as speaking", () => {
    const [ada, bob] = [enter(1), enter(2)];
    ada.handle.setStatus({ isMuted: true });
    ada.handle.setSpeaking(true);
    clock.advance(50);
    expect(bob.port.of("speaking")).toEqual([]);
  });

  test("reach the server's other members, speaking at most once a second", () => {
    const ada = enter(1);
    announced.length = 0;
    ada.handle.setSpeaking(true);
    ada.handle.setSpeaking(false);
    ada.handle.setSpeaking(true);
    ada.handle.setSpeaking(false);
    clock.advance(5_000);
    ada.handle.setStatus({ isMuted: true });
    ada.handle.setSharing(true);
    expect(announced.map((event) => [event.type, "user_ids" in event ? event.user_ids : null])).toEqual([
      ["voice_speaking", [1]],
      ["voice_speaking", []],
      ["voice_state_updated", null],
      ["screen_share_started", null],
    ]);
    expect(voiceStatesOf(rooms.rooms.values(), 10)).toMatchObject([
      { channel_id: 1, is_muted: true, is_sharing: true },
    ]);
    expect(voiceStatesOf(rooms.rooms.values(), 11)).toEqual([]);
  });
});

test("a sound is played for everybody by who may be heard and hears, whatever the node of the connection knew", () => {
  const sound = { id: 7, name: "Drum", emoji: null, volume: 100, duration_ms: 300 };
  const [ada, bob] = [enter(1), enter(2)];
  for (const restraint of [{ isServerMuted: true }, { isSuppressed: true }, { isServerDeafened: true }]) {
    ada.handle.restrain({ ...unrestrained, ...restraint });
    ada.handle.playSound(sound);
  }
  ada.handle.restrain(unrestrained);
  ada.handle.setStatus({ isDeafened: true });
  ada.handle.playSound(sound);
  expect(bob.port.of("sound")).toEqual([]);
  ada.handle.setStatus({ isDeafened: false });
  ada.handle.playSound(sound);
  for (const { port } of [ada, bob]) expect(port.of("sound")).toEqual([{ kind: "sound", userId: 1, sound }]);
});

describe("removing participants", () => {
  test("closes the connection of a removed member, in that server only", () => {
    const ada = enter(1);
    rooms.remove(1, closeCodes.forbidden, "You are no longer a member.", { serverId: 11 });
    expect(ada.port.closed).toBeNull();
    rooms.remove(1, closeCodes.forbidden, "You are no longer a member.", { serverId: 10 });
    expect(ada.port.closed?.code).toBe(closeCodes.forbidden);
    expect(rooms.rooms.size).toBe(0);
  });

  test("removes everyone from a deleted channel", () => {
    const people = [enter(1), enter(2)];
    rooms.removeChannel(lobby.id, closeCodes.notFound, "The channel was deleted.");
    expect(people.map(({ port }) => port.closed?.code)).toEqual([4004, 4004]);
    expect(rooms.connections).toBe(0);
  });
});

test("the bitrate steps down above 200 and 500 connections, and back up", () => {
  const handles = new Map<number, JoinHandle>();
  const first = enter(1, { ...lobby, id: 1_000 });
  const fill = (upTo: number) => {
    for (let id = rooms.connections + 1; id <= upTo; id++) handles.set(id, enter(id, { ...lobby, id }).handle);
  };
  fill(200);
  expect(first.port.of("quality")).toEqual([]);
  fill(501);
  expect(first.port.of("quality").map(({ bitrate }) => bitrate)).toEqual([48_000, 32_000]);
  for (let id = 501; id > 200; id--) handles.get(id)!.release(true);
  expect(first.port.of("quality").map(({ bitrate }) => bitrate)).toEqual([48_000, 32_000, 48_000, 64_000]);
});

test("two clients of version 1 on /ws/voice get one of two crossing offers, and start anew when one joins again", () => {
  const bob = enter(2, lobby, "call-2", true);
  enter(1, lobby, "call-1", true).handle.signal(2, offer);
  const again = enter(1, lobby, "another", true);
  bob.handle.signal(1, offer);
  again.handle.signal(2, offer);
  clock.advance(1_000);
  expect([again.port.of("signal").length, bob.port.of("signal").length]).toEqual([1, 0]);
});

test("an offer between other clients is passed at once, also when it crosses another", () => {
  const [ada, bob] = [enter(1, lobby, "call-1", true), enter(2)];
  ada.handle.signal(2, offer);
  bob.handle.signal(1, offer);
  expect([ada.port.of("signal").length, bob.port.of("signal").length]).toEqual([1, 1]);
});
