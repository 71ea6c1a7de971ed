import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { Forwarding } from "./forwarding.ts";
import { createRouting } from "./forwarded-media.ts";
import { RecordingPort } from "../testing/recording-port.ts";
import { VoicePresence } from "../voice-presence.ts";
import { VoiceRooms } from "../voice-rooms.ts";

const lobby = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };

let forwarding: Forwarding & { isAvailable: boolean; changed: () => void };
let rooms: VoiceRooms;

beforeEach(() => {
  const clock = new ManualClock();
  forwarding = {
    isWanted: true,
    isAvailable: true,
    problem: null,
    pid: undefined,
    figures: null,
    changed() {},
    onChange: (listener) => (forwarding.changed = listener),
    connect: () => ({ signal() {}, ask() {}, update() {}, leave() {} }),
    close() {},
  };
  const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtlMs: 1, voiceRelayOnly: false };
  const routing = createRouting(forwarding, { ...ice, voiceRoomLimit: 5, voiceMeshLimit: 2 }, clock);
  rooms = new VoiceRooms({ clock, routing, observer: new VoicePresence(clock, () => {}) });
});

function enter(userId: number, canForward = true) {
  const port = new RecordingPort();
  const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
  const entry = { user, channel: lobby, callId: `call-${userId}`, isLegacy: false, canForward, port };
  return { port, handle: rooms.enter(entry) };
}

function setAvailable(isAvailable: boolean): void {
  forwarding.isAvailable = isAvailable;
  forwarding.changed();
}

const full = expect.objectContaining({ code: "voice_channel_full" });

test("a call with more people than a mesh holds stays forwarded and waits, when the unit fails", () => {
  const people = [1, 2, 3].map((id) => enter(id));
  setAvailable(false);
  expect(people.flatMap(({ port }) => port.of("media"))).toEqual([]);
  enter(4);
  expect(() => enter(5, false)).toThrow(full);
  people[0]!.handle.release(true);
  people[1]!.handle.release(true);
  expect(people[2]!.port.of("media")).toMatchObject([{ media: "mesh" }]);
  setAvailable(true);
  expect(people[2]!.port.of("media")).toMatchObject([{ media: "mesh" }, { media: "forwarded" }]);
});

test("a call that is a mesh because the unit fails takes no more people than a mesh holds", () => {
  setAvailable(false);
  expect([enter(1), enter(2)].map(({ port }) => port.of("entered")[0]!.media)).toEqual(["mesh", "mesh"]);
  expect(() => enter(3)).toThrow(full);
});
