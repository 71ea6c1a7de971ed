import { closeCodes } from "@miscord/protocol";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NodeNetwork, type NetworkNode } from "../../testing/node-network.ts";
import type { RoomEvent } from "../events.ts";
import { busTransport } from "../nodes/bus-transport.ts";
import { unitId } from "../media.ts";
import type { MediaSeat } from "../routing.ts";
import { linkVersion, type FromNode } from "./link-messages.ts";
import { Regions } from "./regions.ts";
import { FakeNode } from "./testing/fake-node.ts";

const status = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };
const wanted = {
  isScreenWanted: false,
  isCameraWanted: false,
  isSmallScreenWanted: false,
  isSmallCameraWanted: false,
  isMixedWanted: false,
};

interface Home {
  network: NetworkNode;
  regions: Regions;
  /** How often what is available has changed. */
  changes: number;
}

let network: NodeNetwork;
let homes: Home[];
let first: Home;
let second: Home;

beforeEach(async () => {
  network = new NodeNetwork();
  homes = [await openHome(), await openHome()];
  [first, second] = homes as [Home, Home];
});
afterEach(() => {
  for (const { regions } of homes) regions.close();
  network.close();
});

async function openHome({ isWanted = true } = {}): Promise<Home> {
  const node = await network.join();
  const regions = new Regions({
    clock: network.clock,
    cluster: node.cluster,
    transport: busTransport(node.bus, "regions"),
    ownRegion: "main",
    isWanted,
    isOwnAvailable: () => true,
    hasTurnOverTcp: false,
    isSecure: true,
    version: "2.0.0",
    onFailure: () => {},
  });
  const home: Home = { network: node, regions, changes: 0 };
  regions.onChange(() => (home.changes += 1));
  return home;
}

/** Lets time pass, in small steps: what one end sends, the other one answers. */
async function pass(ms = 0): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 100) {
    network.clock.advance(passed === 0 ? 0 : 100);
    for (let turn = 0; turn < 12; turn += 1) {
      await setImmediate();
      network.clock.advance(0);
    }
  }
}

async function join({ regions }: Home, name: string, options?: { isReady: boolean }): Promise<FakeNode> {
  const joined = FakeNode.join(regions, name, options);
  // A refusal is for the test to see, after the pause.
  joined.catch(() => {});
  await pass();
  return joined;
}

interface Member {
  seat: MediaSeat;
  events: RoomEvent[];
}

function connect({ regions }: Home, userId: number, channelId = 1, isBridged = false): Member {
  const events: RoomEvent[] = [];
  const deliver = (event: RoomEvent) => void events.push(event);
  return { events, seat: regions.connect("ams", { channelId, userId, status, isBridged, deliver, onLost() {} }) };
}

const offersOf = ({ events }: Member) => events.filter(({ kind }) => kind === "signal");
const tracksOf = ({ events }: Member) => events.flatMap((event) => (event.kind === "tracks" ? [event.tracks] : []));

describe("a link", () => {
  test("is there once the voice node is ready, and its region is gone as soon as it ends", async () => {
    const ams = await join(first, "ams", { isReady: false });
    expect(first.regions.available).toEqual([]);
    ams.say({ kind: "hello", link: linkVersion, version: "2", url: "https://ams.example.org/path" });
    const welcome = { kind: "welcome", region: "ams", address: null, hasTurnOverTcp: false, takesUnreached: true };
    expect(ams.of("welcome")).toEqual([welcome]);
    expect(first.regions.list()).toEqual([]);
    ams.say({ kind: "ready", stunUrl: null });
    expect(first.regions.list()).toEqual([
      { name: "main", url: null, stun_url: null, is_own: true },
      { name: "ams", url: "https://ams.example.org", stun_url: null, is_own: false },
    ]);
    ams.link!.end(closeCodes.goingAway, "connection lost");
    expect([first.regions.available, first.regions.list(), first.changes]).toEqual([[], [], 2]);
  });

  test.each([
    [linkVersion + 1, "9.0.0"],
    [linkVersion - 1, "1.9.0"],
  ])(
    "with a voice node of another version (%s) is refused with one sentence that names both",
    async (link, version) => {
      const ams = await join(first, "ams", { isReady: false });
      ams.say({ kind: "hello", link, version, url: null });
      const reason = `The instance runs Miscord 2.0.0, this is ${version}: update the older one.`;
      expect(ams.closed).toEqual({ code: closeCodes.forbidden, reason });
      ams.say({ kind: "ready", stunUrl: null });
      expect(first.regions.available).toEqual([]);
    },
  );

  test("to a region that has one, or is that of the instance itself, is refused, on any node", async () => {
    const ams = await join(first, "ams");
    const taken = { code: "unavailable", message: "The region ams is connected already." };
    await expect(join(first, "ams")).rejects.toMatchObject(taken);
    await expect(join(second, "ams")).rejects.toMatchObject(taken);
    await expect(join(first, "main")).rejects.toMatchObject({ code: "unavailable" });
    ams.link!.end(closeCodes.goingAway, "");
    await pass();
    await join(second, "ams");
    expect(second.regions.available).toEqual(["ams"]);
  });

  test("of two that are made at the same time one holds", async () => {
    const joins = [first, second, first].map(({ regions }) => regions.join("ams", new FakeNode(), null));
    const settled = Promise.allSettled(joins);
    await pass();
    expect((await settled).filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is refused where calls are a mesh", async () => {
    const home = await openHome({ isWanted: false });
    await expect(join(home, "ams")).rejects.toMatchObject({ code: "unavailable" });
    home.regions.close();
  });

  test("to a voice node that falls silent ends within three seconds, and stays while it says that it is there", async () => {
    const ams = await join(first, "ams");
    for (let beat = 0; beat < 20; beat += 1) {
      await pass(500);
      ams.say({ kind: "beat" });
    }
    expect(first.regions.available).toEqual(["ams"]);
    expect(ams.of("beat").length).toBeGreaterThanOrEqual(20);
    await pass(3_000);
    expect([first.regions.available, ams.closed?.code]).toEqual([[], closeCodes.tryAgainLater]);
  });

  test("to a voice node that never becomes ready ends", async () => {
    const ams = await join(first, "ams", { isReady: false });
    for (let beat = 0; beat < 31; beat += 1) {
      await pass(500);
      ams.say({ kind: "beat" });
    }
    expect(ams.closed?.code).toBe(closeCodes.tryAgainLater);
  });
});

describe("what a voice node says", () => {
  const track = (userId: number) => ({ userId, kind: "microphone" as const });
  const say = (peer: string, tracks: Record<string, ReturnType<typeof track>>): FromNode => ({
    kind: "tracks",
    peer,
    tracks,
    ...wanted,
  });

  test("about connections that it was not given is ignored, and one offer for each is passed on", async () => {
    const ams = await join(first, "ams");
    const ann = connect(first, 1);
    const [peer] = ams.peers;
    ams.say({ kind: "offer", peer: "another", sdp: "v=0" });
    ams.say(say("another", {}));
    expect(ann.events).toEqual([]);
    ams.say({ kind: "offer", peer: peer!, sdp: "v=0" });
    ams.say({ kind: "offer", peer: peer!, sdp: "v=0 again" });
    expect(offersOf(ann)).toMatchObject([{ signal: { kind: "offer", sdp: "v=0", extra: { connection_id: peer } } }]);
  });

  test("about people who are not in the same room is left out", async () => {
    const ams = await join(first, "ams");
    const ann = connect(first, 1);
    connect(first, 2);
    connect(first, 3, 2);
    ams.say(say(ams.peers[0]!, { a0: track(2), a1: track(3), a2: track(99) }));
    expect(tracksOf(ann)).toEqual([{ a0: track(2) }]);
  });

  test("in place of others to a client of version 1 is of people in the same room", async () => {
    const ams = await join(first, "ams");
    const old = connect(first, 1, 1, true);
    connect(first, 2);
    connect(first, 3, 2);
    const [opened] = ams.of("bridge");
    old.seat.signal({ kind: "offer", sdp: "v=0", extra: {} }, 2);
    const { peer } = opened!;
    expect(ams.of("signal")).toEqual([{ kind: "signal", peer, userId: 2, type: "offer", sdp: "v=0" }]);
    for (const userId of [2, 3, 99]) ams.say({ kind: "signal", peer, userId, type: "answer", sdp: "v=0" });
    expect(offersOf(old)).toMatchObject([{ fromId: 2, signal: { kind: "answer" } }]);
  });

  test("of its TURN servers goes to the participant with the offer", async () => {
    const ams = await join(first, "ams");
    const ann = connect(first, 1);
    const iceServers = [{ urls: ["turn:ams.example.org"], username: "1:1", credential: "x" }];
    ams.say({ kind: "offer", peer: ams.peers[0]!, sdp: "v=0", iceServers });
    expect(offersOf(ann)).toMatchObject([{ signal: { extra: { ice_servers: iceServers } } }]);
  });

  test("before it is ready concerns nobody", async () => {
    const ams = await join(first, "ams", { isReady: false });
    const ann = connect(first, 1);
    expect(ams.received).toEqual([]);
    ams.say({ kind: "offer", peer: "any", sdp: "v=0" });
    expect(ann.events).toEqual([]);
  });
});

describe("rooms of another node than the one that has the link", () => {
  test("are forwarded over it, in both directions, each to its own node", async () => {
    const ams = await join(first, "ams");
    await pass();
    expect(second.regions.list()).toEqual(first.regions.list());
    const ann = connect(second, 1);
    const bob = connect(first, 2, 2);
    const old = connect(second, 3, 1, true);
    await pass();
    const peerOf = (userId: number) => ams.of("open").find((one) => one.userId === userId)!.peer;
    ams.say({ kind: "offer", peer: peerOf(1), sdp: "for ann" });
    ams.say({ kind: "offer", peer: peerOf(2), sdp: "for bob" });
    ams.say({ kind: "signal", peer: ams.of("bridge")[0]!.peer, userId: 1, type: "answer", sdp: "for old" });
    await pass();
    expect(offersOf(old)).toMatchObject([{ fromId: 1, signal: { sdp: "for old" } }]);
    old.seat.leave();
    expect(offersOf(ann)).toMatchObject([{ signal: { sdp: "for ann" } }]);
    expect(offersOf(bob)).toMatchObject([{ signal: { sdp: "for bob" } }]);
    const target_connection_id = peerOf(1);
    ann.seat.signal({ kind: "answer", sdp: "of ann", extra: { target_connection_id } }, unitId);
    ann.seat.leave();
    await pass();
    expect(ams.of("answer")).toEqual([{ kind: "answer", peer: target_connection_id, sdp: "of ann" }]);
    expect(ams.peers).toEqual([peerOf(2)]);
  });

  test("lose the region when its link ends, and when its node is gone", async () => {
    const ams = await join(first, "ams");
    await pass();
    ams.link!.end(closeCodes.goingAway, "");
    await pass();
    expect([second.regions.available, second.changes]).toEqual([[], 2]);
    await join(first, "ams");
    await pass();
    expect(second.regions.available).toEqual(["ams"]);
    first.network.kill();
    await pass(6_000);
    expect(second.regions.available).toEqual([]);
  });

  test("are offered new connections when messages between the nodes were lost, and the former ones are closed", async () => {
    const ams = await join(first, "ams");
    await pass();
    const ann = connect(second, 1);
    const old = connect(second, 2, 1, true);
    await pass();
    const before = ams.peers;
    first.network.interrupt();
    for (const { seat } of [ann, old]) seat.update({ ...status, isHeard: false });
    await pass();
    first.network.restore();
    for (let passed = 0; passed < 5_000; passed += 500) {
      ams.say({ kind: "beat" });
      await pass(500);
    }
    expect(ams.peers).toHaveLength(2);
    expect(ams.peers.filter((peer) => before.includes(peer))).toEqual([]);
    // What the participant may do now is part of it.
    expect(ams.of("open").at(-1)).toMatchObject({ userId: 1, status: { isHeard: false } });
    expect(ams.of("bridge").at(-1)).toMatchObject({ userId: 2, status: { isHeard: false } });
  });

  test("are closed at the unit when their node is gone", async () => {
    const ams = await join(first, "ams");
    await pass();
    connect(second, 1);
    connect(second, 2, 1, true);
    await pass();
    expect(ams.peers).toHaveLength(2);
    second.network.kill();
    for (let passed = 0; passed < 6_000; passed += 500) {
      ams.say({ kind: "beat" });
      await pass(500);
    }
    expect(ams.peers).toEqual([]);
  });
});

test("pages over https are told of no address over http, and ask the STUN server instead", async () => {
  const ams = await join(first, "ams", { isReady: false });
  ams.say({ kind: "hello", link: linkVersion, version: "2", url: "http://ams.example.org" });
  ams.say({ kind: "ready", stunUrl: "stun:192.0.2.1:7880" });
  await pass();
  for (const { regions } of homes) {
    expect(regions.list()[1]).toEqual({ name: "ams", url: null, stun_url: "stun:192.0.2.1:7880", is_own: false });
  }
});

test("a voice node that comes back is told of those who waited for it", async () => {
  const before = await join(first, "ams");
  const ann = connect(first, 1);
  before.link!.end(closeCodes.goingAway, "");
  const ams = await join(first, "ams");
  expect(ams.of("open")).toMatchObject([{ room: 1, userId: 1 }]);
  ams.say({ kind: "offer", peer: ams.peers[0]!, sdp: "v=0" });
  expect(offersOf(ann)).toHaveLength(1);
});
