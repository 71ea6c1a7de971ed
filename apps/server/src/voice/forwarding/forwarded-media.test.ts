import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { Forwarding } from "./forwarding.ts";
import type { MediaMember } from "../routing.ts";
import { createRouting, type RegionUnits } from "./forwarded-media.ts";
import { RecordingPort } from "../testing/recording-port.ts";
import type { RegionTimes, VoiceChannel } from "../events.ts";
import { VoicePresence } from "../voice-presence.ts";
import { VoiceRooms } from "../voice-rooms.ts";

const lobby: VoiceChannel = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };
const seat = { signal() {}, ask() {}, update() {}, parted() {}, leave() {} };

let clock: ManualClock;
let forwarding: Forwarding & { isAvailable: boolean; changed: () => void };
let regions: RegionUnits & { available: string[]; connected: string[]; changed: () => void };
let rooms: VoiceRooms;
/** What the unit was told by those with a client of version 1. */
let bridged: unknown[];
let members: MediaMember[];

beforeEach(() => {
  [bridged, members] = [[], []];
  clock = new ManualClock();
  regions = {
    available: [],
    connected: [],
    changed() {},
    connect(region) {
      regions.connected.push(region);
      return seat;
    },
    onChange: (listener) => (regions.changed = listener),
  };
  forwarding = {
    isWanted: true,
    isAvailable: true,
    problem: null,
    pid: undefined,
    figures: null,
    changed() {},
    onChange: (listener) => (forwarding.changed = listener),
    connect(member) {
      members.push(member);
      const note =
        (kind: string) =>
        (...what: unknown[]) =>
          member.isBridged && bridged.push([member.userId, kind, ...what]);
      return { ...seat, signal: note("signal"), parted: note("parted") };
    },
    close() {},
  };
  setLimits(5);
});

function setLimits(voiceRoomLimit: number): void {
  const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtlMs: 1, voiceRelayOnly: false };
  const settings = { ...ice, voiceRoomLimit, voiceMeshLimit: 2 };
  const routing = createRouting({ forwarding, ownRegion: "main", regions, settings, clock });
  rooms = new VoiceRooms({ clock, routing, observer: new VoicePresence(clock, () => {}) });
}

interface Coming {
  canForward?: boolean;
  isLegacy?: boolean;
  regionTimes?: RegionTimes;
  channel?: VoiceChannel;
  callId?: string;
}

function enter(userId: number, coming: Coming = {}) {
  const { canForward = true, isLegacy = false, regionTimes = {}, channel = lobby, callId = `call-${userId}` } = coming;
  const port = new RecordingPort({ usesLegacySocket: isLegacy });
  const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
  const entry = { user, channel, callId, isLegacy, canForward, regionTimes, port };
  return { port, handle: rooms.enter(entry) };
}

function setRegions(...available: string[]): void {
  regions.available = available;
  regions.changed();
}

/** Enters from so far away from main, ams and nyc. */
const from = (userId: number, main: number, ams: number, nyc: number) =>
  enter(userId, { regionTimes: { main, ams, nyc } });
const present = () => rooms.rooms.get(1)!.region;

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
  expect(() => enter(5, { canForward: false })).toThrow(full);
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

describe("a client that is neither of version 1 nor knows the unit", () => {
  const tooOld = expect.objectContaining({ code: "voice_channel_full", message: expect.stringContaining("too old") });
  const enterBetween = (userId: number) => enter(userId, { canForward: false, callId: "another" });

  test("is refused by calls that are forwarded or would be, also where its user is in the call already", () => {
    expect(() => enterBetween(1)).toThrow(tooOld);
    const ann = enter(1);
    for (const userId of [1, 2]) expect(() => enterBetween(userId)).toThrow(tooOld);
    expect([ann.port.closed, ann.port.of("media"), present()]).toEqual([null, [], "main"]);
    setAvailable(false);
    setRegions("ams");
    expect(() => enterBetween(2)).toThrow(tooOld);
  });

  test("takes part while nothing can be forwarded, and leaves when that is over", () => {
    setAvailable(false);
    const [ann, bob] = [enter(1), enterBetween(2)];
    expect(bob.port.of("entered")).toMatchObject([{ media: "mesh" }]);
    setAvailable(true);
    expect(bob.port.closed).toMatchObject({ code: 4005 });
    expect(ann.port.of("left")).toEqual([{ kind: "left", userId: 2 }]);
    expect([present(), ann.port.closed]).toEqual(["main", null]);
    enter(2);
  });

  test("who was alone leaves no call behind", () => {
    setAvailable(false);
    const { port } = enterBetween(1);
    setAvailable(true);
    expect([port.closed?.code, rooms.rooms.size]).toEqual([4005, 0]);
  });

  test("takes part where the operator wants a mesh", () => {
    Object.assign(forwarding, { isWanted: false, isAvailable: false });
    expect(enterBetween(1).port.of("entered")).toMatchObject([{ media: "mesh" }]);
  });
});

const enterOld = (userId: number) => enter(userId, { canForward: false, isLegacy: true, callId: `old-${userId}` });
const offer = { kind: "offer", sdp: "v=0", extra: {} } as const;

test("a client of version 1 leaves a call forwarded, and signals to the unit in place of the others", () => {
  const [ann, old] = [enter(1), enterOld(2)];
  expect(ann.port.of("media")).toEqual([]);
  expect(old.port.of("entered")).toMatchObject([{ media: "forwarded" }]);
  old.handle.signal(1, offer);
  expect(bridged).toEqual([[2, "signal", offer, 1]]);
  expect(ann.port.of("signal")).toEqual([]);
  // Nor does it reach anybody who is not there.
  for (const nobody of [2, 3]) expect(() => old.handle.signal(nobody, offer)).toThrow("Nobody with this id");
  members[1]!.deliver({ kind: "signal", fromId: 1, signal: { ...offer, kind: "answer" } });
  expect(old.port.of("signal")).toMatchObject([{ fromId: 1, signal: { kind: "answer" } }]);
  ann.handle.release(true);
  expect(bridged.at(-1)).toEqual([2, "parted", 1]);
});

test("two clients of version 1 in a forwarded call are bridged to each other", () => {
  const [one, other] = [enterOld(1), enterOld(2)];
  one.handle.signal(2, offer);
  expect(bridged).toEqual([[1, "signal", offer, 2]]);
  expect(other.port.of("signal")).toEqual([]);
});

test("a client of version 1 is given the others anew when its connections are lost, and when the call becomes a mesh", () => {
  const [ann, old] = [enter(1), enterOld(2)];
  const told = () => old.port.events.splice(0).map(({ kind }) => kind);
  told();
  members[1]!.onLost("replaced");
  expect(told()).toEqual(["left", "joined"]);
  setAvailable(false);
  expect(told()).toEqual(["media", "left", "joined"]);
  old.handle.signal(1, offer);
  expect(ann.port.of("signal")).toHaveLength(1);
  setAvailable(true);
  expect(told()).toEqual(["media", "left", "joined"]);
  expect(members.at(-1)).toMatchObject({ userId: 2, isBridged: true });
});

test("what the unit says to a client of version 1 that has no connection is dropped, however much it is", () => {
  enter(1);
  enterOld(2);
  const user = { id: 3, username: "u3", display_name: "", avatar_url: null, avatar_color: "#000000" };
  const options = { user, callId: "call-3", isLegacy: true, canForward: false, usesLegacySocket: true, flags: {} };
  rooms.restore(lobby, options);
  const signal = { ...offer, kind: "answer", sdp: "x".repeat(48_000) } as const;
  for (let time = 0; time < 20; time += 1) members.at(-1)!.deliver({ kind: "signal", fromId: 1, signal });
  const again = new RecordingPort({ usesLegacySocket: true });
  rooms.enter({ ...options, channel: lobby, port: again, flags: null });
  expect(again.events.map(({ kind }) => kind)).toEqual(["entered", "left", "left", "joined", "joined"]);
});

test("a forwarded call takes ten clients of version 1", () => {
  setLimits(50);
  for (let userId = 1; userId <= 10; userId += 1) enterOld(userId);
  expect(() => enterOld(11)).toThrow(full);
  enter(11);
  // Nor with another client of somebody who is there; the eleventh stays as they are.
  expect(() => enterOld(11)).toThrow(full);
  enter(10, { canForward: false, isLegacy: true, callId: "another" });
  expect(rooms.rooms.get(1)!.participants.get(11)!.isLegacy).toBe(false);
});

describe("the region of a call", () => {
  beforeEach(() => setRegions("ams", "nyc"));

  test("is chosen anew with each who comes in the first seconds, and then stays", () => {
    const ann = from(1, 10, 60, 120);
    expect([present(), ann.port.of("entered")[0]!.region]).toEqual(["main", "main"]);
    // Who is alone may wait as long as they like.
    clock.advance(3_600_000);
    from(2, 200, 70, 150);
    expect(present()).toBe("ams");
    expect(ann.port.of("media")).toMatchObject([{ media: "forwarded", region: "ams" }]);
    expect(regions.connected).toEqual(["ams", "ams"]);
    clock.advance(9_999);
    from(3, 220, 240, 100);
    expect(present()).toBe("nyc");
    clock.advance(1);
    from(4, 20, 500, 500);
    expect(present()).toBe("nyc");
  });

  test("stays when somebody leaves, and is chosen anew for the one who comes when one is left", () => {
    const ann = from(1, 10, 60, 120);
    const bob = from(2, 200, 70, 150);
    clock.advance(20_000);
    bob.handle.release(true);
    expect(present()).toBe("ams");
    from(3, 10, 60, 120);
    expect(present()).toBe("main");
    expect(ann.port.of("media").map(({ region }) => region)).toEqual(["ams", "main"]);
  });

  test("is left when it is gone, for the best of the others, without anybody leaving, and not taken again when it is back", () => {
    const people = [from(1, 200, 10, 150), from(2, 200, 10, 150)];
    clock.advance(20_000);
    setRegions("nyc");
    expect(present()).toBe("nyc");
    setRegions("ams", "nyc");
    expect(present()).toBe("nyc");
    setRegions();
    expect(present()).toBe("main");
    for (const { port } of people) expect(port.of("media").map(({ region }) => region)).toEqual(["nyc", "main"]);
  });

  test("is the one that the channel names, or another while that is away", () => {
    const named = { ...lobby, region: "nyc" };
    enter(1, { regionTimes: { main: 10, ams: 60, nyc: 300 }, channel: named });
    expect(present()).toBe("nyc");
    clock.advance(20_000);
    setRegions("ams");
    expect(present()).toBe("main");
  });

  test("is another one while the instance's own unit does not work, and none in a mesh", () => {
    setAvailable(false);
    const ann = from(1, 10, 60, 120);
    expect(present()).toBe("ams");
    setRegions();
    expect(present()).toBe(null);
    expect(ann.port.of("media")[0]).toMatchObject({ media: "mesh", region: null });
    setRegions("ams");
    expect(present()).toBe("ams");
  });

  test("holds clients of version 1 too, who are given the others anew when it is another one", () => {
    from(1, 200, 10, 150);
    const old = enterOld(2);
    expect([present(), regions.connected]).toEqual(["ams", ["ams", "ams"]]);
    old.port.events.splice(0);
    setRegions("nyc");
    expect(old.port.events.map(({ kind }) => kind)).toEqual(["media", "left", "joined"]);
  });

  test("is waited for by a call that is too large for a mesh, when nothing else is there", () => {
    setAvailable(false);
    for (const id of [1, 2, 3]) from(id, 200, 10, 150);
    setRegions();
    expect(present()).toBe("ams");
  });

  test("is given up when half of the participants ask for new connections in vain, and not for one of many", () => {
    const people = [1, 2, 3].map((id) => from(id, 200, 10, 150));
    clock.advance(20_000);
    const ask = (at: number) => people[at]!.handle.ask({ kind: "renew", connectionId: null });
    for (let attempt = 0; attempt < 5; attempt += 1) ask(0);
    expect(present()).toBe("ams");
    ask(1);
    expect(present()).toBe("ams");
    ask(1);
    expect(present()).toBe("nyc");
    // Neither of them is tried again in this call, and that of the instance is never given up.
    for (let attempt = 0; attempt < 3; attempt += 1) [0, 1].forEach(ask);
    expect(present()).toBe("main");
    for (let attempt = 0; attempt < 3; attempt += 1) [0, 1, 2].forEach(ask);
    expect(present()).toBe("main");
  });

  test("is given up when clients of version 1 have no connection there, which begin anew where the call goes on", () => {
    const [gaveUp, left]: [string[], MediaMember[]] = [[], []];
    regions.connect = (_, member) => (left.push(member), { ...seat });
    regions.gaveUp = (region) => gaveUp.push(region);
    from(1, 200, 10, 150);
    const old = [2, 3].map((id) => enter(id, { isLegacy: true }).port);
    const told = () => old.map(({ events }) => events.splice(0).map(({ kind }) => kind));
    const unreached = (...ids: number[]) =>
      ids.forEach((id) => left.findLast(({ userId }) => userId === id)!.onLost("unreached"));
    told();
    unreached(2);
    // It may have been one attempt that failed, or one client's network: it tries again where the call is.
    expect([told(), present()]).toEqual([[["left", "left", "joined", "joined"], []], "ams"]);
    unreached(2, 2, 3, 3);
    // With the move they begin anew once.
    expect([told()[0]!.slice(-5), present()]).toEqual([["media", "left", "left", "joined", "joined"], "nyc"]);
    unreached(2, 3, 2, 3);
    // That of the instance is never given up: no call goes round and round.
    for (let attempt = 0; attempt < 9; attempt += 1) for (const { onLost } of members) onLost("unreached");
    expect([present(), gaveUp]).toEqual(["main", ["ams", "nyc"]]);
  });

  test("is kept by those who ask for a new connection now and then", () => {
    const ann = from(1, 200, 10, 150);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      ann.handle.ask({ kind: "renew", connectionId: null });
      clock.advance(20_001);
    }
    expect(present()).toBe("ams");
  });
});
