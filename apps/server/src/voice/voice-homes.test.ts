import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  cellar,
  HomesWorld,
  lobby,
  type HomesNode,
  kinds,
  signals,
  present,
  channelsOf,
  outcome,
  signal,
  left,
} from "./testing/homes-world.ts";

let world: HomesWorld;
let one: HomesNode;
let two: HomesNode;

beforeEach(async () => {
  world = new HomesWorld();
  [one, two] = [await world.join(), await world.join()];
});
afterEach(() => world.close());

describe("a call over two nodes", () => {
  test("shows each participant the others, and is announced once", async () => {
    const ada = await one.enter(1);
    const bob = await two.enter(2);
    await world.pass();
    expect(present(bob)).toEqual([1]);
    expect(ada.port.of("joined").map(({ participant }) => participant)).toMatchObject([
      { user: { id: 2 }, callId: "call-2" },
    ]);
    expect(world.types()).toEqual(["voice_channel_join", "voice_channel_join"]);
    for (const node of [one, two]) expect(channelsOf(node)).toEqual({ 1: lobby.id, 2: lobby.id });
    expect([one.isHomeOf(lobby), two.isHomeOf(lobby)]).toEqual([true, false]);
  });

  test("passes what is said about keys, and lets nobody into an encrypted one who cannot encrypt", async () => {
    const channel = { ...lobby, isEncrypted: true };
    const [ada, bob] = [
      await one.enter(1, { channel, canEncrypt: true }),
      await two.enter(2, { channel, canEncrypt: true }),
    ];
    const join = { type: "keys_join" as const, key_package: "AAAA", group: null };
    ada.handle.ask({ kind: "keys", command: join });
    bob.handle.ask({ kind: "keys", command: join });
    await world.pass();
    const told = ({ port }: typeof ada) => port.of("keys").map(({ message }) => message.type);
    expect(told(ada)).toEqual(["keys_create", "keys_wanted"]);
    const { group_id, epoch } = ada.port.of("keys").map(({ message }) => message)[1] as never;
    const commit = { type: "keys_commit" as const, group_id, epoch, commit: "BBBB", welcome: "CCCC", added: [2] };
    ada.handle.ask({ kind: "keys", command: commit });
    await world.pass();
    expect(told(bob)).toEqual(["keys_welcome"]);
    expect(await outcome(two.enter(3, { channel }))).toBe("encryption_required");
  });

  test("passes signals both ways, in order", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    const sent = ["a", "b", "c"].flatMap((sdp) => [
      ada.handle.signal(2, signal(sdp)),
      bob.handle.signal(1, signal(sdp)),
    ]);
    await world.pass();
    await Promise.all(sent.map((one) => Promise.resolve(one)));
    expect(signals(bob)).toEqual([
      [1, "a"],
      [1, "b"],
      [1, "c"],
    ]);
    expect(signals(ada)).toEqual([
      [2, "a"],
      [2, "b"],
      [2, "c"],
    ]);
  });

  test("refuses signals to users who are not in the call", async () => {
    await one.enter(1);
    const bob = await two.enter(2);
    const refused = [2, 99].map((target) => outcome(bob.handle.signal(target, signal("v=0")) as Promise<void>));
    await world.pass();
    expect(await Promise.all(refused)).toEqual(["not_found", "not_found"]);
  });

  test("passes speaking, mute and sharing both ways", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    for (const { handle } of [ada, bob]) {
      handle.setSpeaking(true);
      handle.setSharing(true);
      handle.setStatus({ isDeafened: true });
    }
    await world.pass(100);
    for (const { port } of [ada, bob]) {
      const speaking = port.of("speaking").flatMap(({ events }) => [...events]);
      expect(new Map(speaking)).toEqual(
        new Map([
          [1, true],
          [2, true],
        ]),
      );
      const status = port.of("status").flatMap(({ events }) => [...events]);
      expect(new Map(status)).toEqual(
        new Map([
          [1, { isDeafened: true }],
          [2, { isDeafened: true }],
        ]),
      );
    }
    expect(ada.port.of("sharing")).toMatchObject([{ user: { id: 2 }, isSharing: true }]);
    expect(bob.port.of("sharing")).toMatchObject([{ user: { id: 1 }, isSharing: true }]);
    for (const node of [one, two]) {
      expect(node.homes.statesOf(10)).toMatchObject([
        { is_deafened: true, is_sharing: true },
        { is_deafened: true, is_sharing: true },
      ]);
    }
  });

  test("ends for a participant who hangs up, and the home is free again after the last", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    bob.handle.release(true);
    await world.pass();
    expect(ada.port.of("left")).toEqual([left(2)]);
    ada.handle.release(true);
    await world.pass();
    await two.enter(2);
    expect(two.isHomeOf(lobby)).toBe(true);
    expect(channelsOf(one)).toEqual({ 2: lobby.id });
  });

  test("has no more participants than the limit", async () => {
    await one.enter(1);
    await two.enter(2);
    await one.enter(3);
    await expect(two.enter(4)).rejects.toMatchObject({ code: "voice_channel_full" });
    expect(Object.keys(channelsOf(two))).toHaveLength(3);
  });

  test("of an empty room entered on two nodes at once has one home", async () => {
    const [ada, bob] = await Promise.all([one.enter(1), two.enter(2)]);
    await world.pass(200);
    expect([one.isHomeOf(lobby), two.isHomeOf(lobby)].filter(Boolean)).toHaveLength(1);
    void ada.handle.signal(2, signal("v=0"));
    await world.pass();
    expect(signals(bob)).toEqual([[1, "v=0"]]);
  });

  test("is left by a user who enters another room on another node", async () => {
    const ada = await one.enter(1);
    const bob = await one.enter(2);
    await two.enter(3, { channel: cellar });
    await two.enter(1, { channel: cellar, callId: "another" });
    await world.pass();
    expect(ada.port.closed?.code).toBe(closeCodes.replaced);
    expect(bob.port.of("left")).toEqual([left(1)]);
    for (const node of [one, two]) expect(channelsOf(node)).toEqual({ 1: cellar.id, 2: lobby.id, 3: cellar.id });
  });

  test("of two rooms on two nodes that one user enters at once keeps the user in one", async () => {
    await one.enter(2);
    await two.enter(3, { channel: cellar });
    const [here, there] = await Promise.all([
      one.enter(1, { callId: "a" }),
      two.enter(1, { callId: "b", channel: cellar }),
    ]);
    await world.pass(100);
    expect([here, there].filter(({ port }) => port.closed === null)).toHaveLength(1);
    expect(channelsOf(one)).toEqual(channelsOf(two));
  });

  test("replaces a participant's connection on one node by that on the other", async () => {
    const [first, bob] = [await two.enter(1), await one.enter(2)];
    await one.enter(1, { callId: "second window" });
    await world.pass();
    expect(first.port.closed?.code).toBe(closeCodes.replaced);
    expect(kinds(bob).filter((kind) => kind === "left" || kind === "joined")).toEqual(["left", "joined"]);
  });

  test("keeps its home when its only participant opens a second window", async () => {
    await one.enter(1);
    const again = await one.enter(1, { callId: "second window" });
    await two.enter(2);
    expect(one.isHomeOf(lobby)).toBe(true);
    expect(again.port.of("joined")).toMatchObject([{ participant: { user: { id: 2 } } }]);
  });

  test("refuses signals to a connection on another node that is behind", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    bob.port.isBehind = true;
    void ada.handle.signal(2, signal("v=0"));
    await world.pass();
    expect(() => ada.handle.signal(2, signal("v=0"))).toThrow(expect.objectContaining({ code: "rate_limited" }));
    bob.port.isBehind = false;
    await world.pass(600);
    void ada.handle.signal(2, signal("v=1"));
    await world.pass();
    expect(signals(bob)).toEqual([
      [1, "v=0"],
      [1, "v=1"],
    ]);
  });

  test.each([
    ["the home", 1],
    ["another node", 2],
  ])("ends for a removed member when %s is told so", async (_, told) => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    (told === 1 ? one : two).homes.remove(2, closeCodes.forbidden, "no longer a member", { serverId: 11 });
    await world.pass();
    expect(bob.port.closed).toBeNull();
    (told === 1 ? one : two).homes.remove(2, closeCodes.forbidden, "no longer a member", { serverId: 10 });
    await world.pass();
    expect(bob.port.closed?.code).toBe(closeCodes.forbidden);
    expect(ada.port.of("left")).toEqual([left(2)]);
    expect(channelsOf(two)).toEqual({ 1: lobby.id });
  });

  test("ends for everyone in a deleted channel, also when only another node is told so", async () => {
    const callers = [await one.enter(1), await two.enter(2)];
    two.homes.removeChannel(lobby.id, closeCodes.notFound, "the channel was deleted");
    await world.pass();
    expect(callers.map(({ port }) => port.closed?.code)).toEqual([closeCodes.notFound, closeCodes.notFound]);
    expect(channelsOf(one)).toEqual({});
  });

  test("reaches clients of version 1 on the other node", async () => {
    const ada = await one.enter(1, { isLegacy: true, usesLegacySocket: true });
    const bob = await two.enter(2);
    await world.pass();
    expect(present(bob)).toEqual([1]);
    void bob.handle.signal(1, signal("v=0"));
    await world.pass();
    expect(signals(ada)).toEqual([[2, "v=0"]]);
  });
});

describe("when messages between nodes are lost", () => {
  test("both sides start anew within seconds: nobody leaves, and the state is right", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    two.network.interrupt();
    bob.handle.setStatus({ isMuted: true });
    ada.handle.setSharing(true);
    await world.pass(200);
    two.network.restore();
    await world.pass(4_000);
    expect(one.homes.rooms.rooms.get(lobby.id)!.participants.get(2)).toMatchObject({ isMuted: true });
    expect(bob.port.of("entered").at(-1)!.participants).toMatchObject([{ user: { id: 1 }, isSharing: true }]);
    expect([...ada.port.of("left"), ...bob.port.of("left")]).toEqual([]);
    expect(bob.port.closed).toBeNull();
  });

  test("a connection whose end was lost leaves after ten seconds", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    two.network.interrupt();
    bob.handle.release(true);
    await world.pass(100);
    two.network.restore();
    await world.pass(14_000);
    expect(ada.port.of("left")).toEqual([left(2)]);
  });

  test("entering fails after a while and leaves nobody behind", async () => {
    const ada = await one.enter(1);
    two.network.interrupt();
    const { entered } = two.dial(2);
    const refused = outcome(entered);
    await world.pass(9_000);
    expect(await refused).toBe("unavailable");
    two.network.restore();
    await world.pass(14_000);
    const { port } = two.dial(3);
    await world.pass(500);
    expect(
      port
        .of("entered")
        .at(-1)!
        .participants.map(({ user }) => user.id),
    ).toEqual([1]);
    expect(ada.port.of("left").length).toBe(ada.port.of("joined").length - 1);
  });
});
