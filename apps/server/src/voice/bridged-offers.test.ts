import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Signal } from "./events.ts";
import type { MediaBackend } from "./routing.ts";
import { RecordingPort } from "./testing/recording-port.ts";
import { VoicePresence } from "./voice-presence.ts";
import { VoiceRooms } from "./voice-rooms.ts";

const channel = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };
const people = 50;

test("a client of version 1 makes so many offers at once as a full call takes, and no more", () => {
  const clock = new ManualClock();
  /** What the forwarding unit is told. */
  const told: Signal[] = [];
  const seat = { signal: (one: Signal) => void told.push(one), ask() {}, update() {}, parted() {}, leave() {} };
  const forwarded: MediaBackend = {
    media: "forwarded",
    region: "main",
    maxParticipants: people,
    maxLegacy: people,
    isRelayOnly: false,
    iceServersFor: () => [],
    visibleSignal: () => null,
    join: () => seat,
  };
  const routing = { choose: () => forwarded, onChange() {} };
  const rooms = new VoiceRooms({ clock, routing, observer: new VoicePresence(clock, () => {}) });
  const handles = Array.from({ length: people }, (_, at) => {
    const user = { id: at + 1, username: `u${at}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
    const client = { isLegacy: at === 0, canForward: at > 0, port: new RecordingPort() };
    return rooms.enter({ user, channel, callId: `call-${at}`, ...client });
  });
  const offer = { kind: "offer", sdp: "v=0", extra: {} } as const;
  const offerTo = (times: number) => {
    for (let at = 0; at < times; at += 1) handles[0]!.signal(2 + (at % (people - 1)), offer);
  };
  offerTo(3 * (people - 1));
  expect(() => offerTo(400)).toThrow(expect.objectContaining({ code: "rate_limited" }));
  expect(told.length).toBeLessThan(200);
  // What the unit does not answer costs nothing more.
  handles[0]!.signal(2, { kind: "candidate", candidate: "", sdpMid: null, sdpMLineIndex: null, extra: {} });
  clock.advance(1_000);
  offerTo(1);
});
