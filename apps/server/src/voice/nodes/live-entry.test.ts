import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { Signal } from "../events.ts";
import { RecordingPort } from "../testing/recording-port.ts";
import { LiveEntry, type Place } from "./live-entry.ts";

const user = { id: 1, username: "u1", display_name: "", avatar_url: null, avatar_color: "#000000" };
const channel = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };
const signal = (sdp: string): Signal => ({ kind: "offer", sdp, extra: {} });

let clock: ManualClock;
let live: LiveEntry;
let done: string[];

beforeEach(() => {
  clock = new ManualClock();
  done = [];
  const entry = { user, channel, callId: "call", isLegacy: false, canForward: true, port: new RecordingPort() };
  live = new LiveEntry(entry, { clock, onReleased: () => void done.push("released") });
});

function place(name: string): Place {
  return {
    home: name,
    signal: (_, sent) => void done.push(`${name}: ${"sdp" in sent && sent.sdp}`),
    ask: ({ kind }) => void done.push(`${name}: ask ${kind}`),
    setSpeaking: (isSpeaking) => void done.push(`${name}: speaking ${isSpeaking}`),
    setStatus: (change) => void done.push(`${name}: ${JSON.stringify(change)}`),
    setSharing: (isSharing) => void done.push(`${name}: sharing ${isSharing}`),
    playSound: ({ name: sound }) => void done.push(`${name}: sound ${sound}`),
    raiseHand: (isRaised) => void done.push(`${name}: hand ${isRaised}`),
    restrain: (restraint) => void done.push(`${name}: ${JSON.stringify(restraint)}`),
    release: (meantToLeave) => void done.push(`${name}: release ${meantToLeave}`),
  };
}

test("signals wait while the room is moved, and are passed in their order", async () => {
  live.moveTo(place("one"));
  live.moveTo(null);
  const sent = [live.signal(2, signal("a")), live.signal(2, signal("b"))];
  expect(done).toEqual([]);
  live.moveTo(place("two"));
  await Promise.all(sent.map((one) => Promise.resolve(one)));
  expect(done).toEqual(["two: a", "two: b"]);
});

test("a signal that waits for too long is refused", async () => {
  const sent = live.signal(2, signal("a")) as Promise<void>;
  clock.advance(5_000);
  await expect(sent).rejects.toMatchObject({ code: "unavailable" });
});

test("changes made while the room is moved are part of the next entry", () => {
  expect(live.flags).toBeNull();
  live.moveTo(place("one"));
  live.moveTo(null);
  live.setStatus({ isMuted: true });
  live.setStatus({ isCameraOn: true });
  live.setSharing(true);
  expect(live.flags).toEqual({
    isMuted: true,
    isDeafened: false,
    isSpeaking: false,
    isSharing: true,
    isCameraOn: true,
  });
});

test("a connection that closes while the room is moved is released at the new home", () => {
  live.moveTo(place("one"));
  live.moveTo(null);
  live.release(true);
  live.moveTo(place("two"));
  expect(done).toEqual(["released", "two: release true"]);
});
