import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  cellar,
  HomesWorld,
  lobby,
  type Caller,
  type HomesNode,
  kinds,
  signals,
  present,
  channelsOf,
  outcome,
  signal,
  left,
} from "./testing/homes-world.ts";

/** The lease, and the time in which its end is noticed and acted on. */
const noticedMs = 4_700;

let world: HomesWorld;
let one: HomesNode;
let two: HomesNode;

beforeEach(async () => {
  world = new HomesWorld();
  [one, two] = [await world.join(), await world.join()];
});
afterEach(() => world.close());

describe("when a node is killed that is not the home", () => {
  test("its participant leaves after ten seconds", async () => {
    const ada = await one.enter(1);
    await two.enter(2);
    two.network.kill();
    await world.pass(noticedMs);
    expect(ada.port.of("left")).toEqual([]);
    await world.pass(10_000);
    expect(ada.port.of("left")).toEqual([left(2)]);
    expect(channelsOf(one)).toEqual({ 1: lobby.id });
  });

  test("its participant stays who resumes over another node", async () => {
    const ada = await one.enter(1);
    await two.enter(2);
    two.network.kill();
    const back = await one.enter(2);
    await world.pass(30_000);
    expect(kinds(ada)).toEqual(["entered", "joined"]);
    expect(present(back)).toEqual([1]);
    expect(world.types()).toEqual(["voice_channel_join", "voice_channel_join"]);
  });
});

test.each([true, false])(
  "a call that began with isEncrypted %s stays so at a new home, whoever is there first",
  async (isEncrypted) => {
    const three = await world.join();
    const begun = { canEncrypt: true, channel: { ...lobby, isEncrypted } };
    // The channel was changed meanwhile.
    const later = { canEncrypt: true, channel: { ...lobby, isEncrypted: !isEncrypted } };
    await one.enter(1, begun);
    const [bob, cy] = [await two.enter(2, later), await three.enter(3, later)];
    one.network.kill();
    await world.pass(noticedMs);
    for (const { port } of [bob, cy]) {
      expect(port.of("entered").map((event) => event.isEncrypted)).toEqual(port.of("entered").map(() => isEncrypted));
      expect([port.of("entered").length > 1, port.closed]).toEqual([true, null]);
    }
  },
);

describe("when the home is killed", () => {
  let three: HomesNode;
  let bob: Caller;
  let cy: Caller;

  beforeEach(async () => {
    three = await world.join();
    await one.enter(1);
    [bob, cy] = [await two.enter(2), await three.enter(3)];
    bob.handle.setStatus({ isMuted: true });
    await world.pass(100);
    one.network.kill();
  });

  test("those on other nodes stay in the call with their state, at a new home", async () => {
    await world.pass(noticedMs);
    expect([two.isHomeOf(lobby), three.isHomeOf(lobby)].filter(Boolean)).toHaveLength(1);
    expect(new Set(present(bob))).toEqual(new Set([1, 3]));
    expect(new Set(present(cy))).toEqual(new Set([1, 2]));
    const participants = cy.port.of("entered").at(-1)!.participants;
    expect(participants).toMatchObject([{ callId: "call-1" }, { callId: "call-2", isMuted: true }]);
    void cy.handle.signal(2, signal("v=0"));
    await world.pass();
    expect(signals(bob)).toEqual([[3, "v=0"]]);
    expect([...bob.port.of("left"), ...cy.port.of("left")]).toEqual([]);
    expect(world.types().filter((type) => type !== "voice_channel_join")).toEqual(["voice_state_updated"]);
  });

  test("its participant resumes over another node within five seconds, and nobody leaves", async () => {
    const { port, entered } = three.dial(1);
    await world.pass(noticedMs);
    await entered;
    expect(port.of("entered").at(-1)!.participants).toHaveLength(2);
    await world.pass(30_000);
    expect([...bob.port.of("left"), ...cy.port.of("left")]).toEqual([]);
    expect(world.types().filter((type) => type === "voice_channel_leave")).toEqual([]);
    for (const node of [two, three]) expect(channelsOf(node)).toEqual({ 1: lobby.id, 2: lobby.id, 3: lobby.id });
  });

  test("its participant who does not come back leaves, ten seconds after the new home took over", async () => {
    await world.pass(noticedMs);
    for (const node of [two, three]) expect(channelsOf(node)).toEqual({ 1: lobby.id, 2: lobby.id, 3: lobby.id });
    await world.pass(10_000);
    expect([bob.port.of("left"), cy.port.of("left")]).toEqual([[left(1)], [left(1)]]);
    expect(world.types().filter((type) => type === "voice_channel_leave")).toHaveLength(1);
    for (const node of [two, three]) expect(channelsOf(node)).toEqual({ 2: lobby.id, 3: lobby.id });
  });

  test("a signal that it no longer answered is refused, to be sent again", async () => {
    await world.pass(3_000);
    const sent = outcome(cy.handle.signal(2, signal("v=0")) as Promise<void>);
    await world.pass(noticedMs - 3_000);
    expect(await sent).toBe("unavailable");
  });
});

describe("somebody who waits for a call whose home was killed", () => {
  test.each(["the same node", "another node"])("stays in the call chosen since, over %s", async (where) => {
    const three = await world.join();
    await one.enter(1);
    one.network.kill();
    const first = two.dial(2, { callId: "first" });
    await world.pass(100);
    const elsewhere = await (where === "another node" ? three : two).enter(2, { callId: "second", channel: cellar });
    await world.pass(2 * noticedMs);
    expect(elsewhere.port.closed).toBeNull();
    expect(first.port.closed).toMatchObject({ code: closeCodes.replaced });
    for (const node of [two, three]) expect(channelsOf(node)[2]).toBe(cellar.id);
  });

  test("is in that call when they had hung up the one before", async () => {
    const before = await two.enter(2, { callId: "before", channel: cellar });
    await one.enter(1);
    one.network.kill();
    const waiting = two.dial(2, { callId: "after" });
    before.handle.release(true);
    await world.pass(2 * noticedMs);
    expect(waiting.port.closed).toBeNull();
    expect(channelsOf(two)[2]).toBe(lobby.id);
  });
});

test("somebody who left a call just before its home was killed does not come back", async () => {
  await one.enter(1);
  const [bob, cy] = [await two.enter(2), await two.enter(3)];
  bob.handle.release(true);
  await world.pass();
  one.network.kill();
  await world.pass(noticedMs);
  expect(present(cy)).toEqual([1]);
  expect(channelsOf(two)).toEqual({ 1: lobby.id, 3: lobby.id });
});

test("a call whose participants were all on the killed home is announced as left", async () => {
  await one.enter(1);
  await world.pass();
  one.network.kill();
  await world.pass(noticedMs + 10_000);
  expect(world.types()).toEqual(["voice_channel_join", "voice_channel_leave"]);
  expect(channelsOf(two)).toEqual({});
});

describe("a home that was paused past its lease", () => {
  test("acts no more for the room, and its participants go on at the new home", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    one.network.pause();
    await world.pass(noticedMs);
    expect(two.isHomeOf(lobby)).toBe(true);
    one.network.resume();
    await world.pass(1_000);
    expect(one.homes.rooms.rooms.size).toBe(0);
    expect(present(ada)).toEqual([2]);
    void ada.handle.signal(2, signal("v=0"));
    await world.pass();
    expect(signals(bob)).toEqual([[1, "v=0"]]);
    await world.pass(30_000);
    expect([...ada.port.of("left"), ...bob.port.of("left")]).toEqual([]);
    expect(world.types()).toEqual(["voice_channel_join", "voice_channel_join"]);
    for (const node of [one, two]) expect(channelsOf(node)).toEqual({ 1: lobby.id, 2: lobby.id });
  });

  test("announces nothing of it, however long it was away", async () => {
    const [ada, bob] = [await one.enter(1), await two.enter(2)];
    one.network.pause();
    await world.pass(30_000);
    expect(bob.port.of("left")).toEqual([left(1)]);
    one.network.resume();
    await world.pass(1_000);
    expect(present(ada)).toEqual([2]);
    expect(bob.port.of("joined").at(-1)).toMatchObject({ participant: { user: { id: 1 } } });
    expect(world.types()).toEqual([
      "voice_channel_join",
      "voice_channel_join",
      "voice_channel_leave",
      "voice_channel_join",
    ]);
  });

  test("goes on with a room that nobody took over", async () => {
    const ada = await one.enter(1);
    const alone = await world.join();
    one.network.pause();
    two.network.kill();
    alone.network.kill();
    await world.pass(noticedMs);
    one.network.resume();
    await world.pass(1_000);
    expect(one.isHomeOf(lobby)).toBe(true);
    expect(ada.port.closed).toBeNull();
    await world.pass(30_000);
    expect(channelsOf(one)).toEqual({ 1: lobby.id });
  });
});

test("a client of version 1 that stays in a call gets no list of participants from the new home", async () => {
  await one.enter(1);
  const old = await two.enter(2, { isLegacy: true, usesLegacySocket: true });
  one.network.kill();
  await world.pass(noticedMs);
  await two.enter(3);
  await world.pass(10_000);
  expect(old.port.of("entered")).toHaveLength(1);
  expect(old.port.of("joined")).toMatchObject([{ participant: { user: { id: 3 } } }]);
  expect(old.port.of("left")).toEqual([left(1)]);
});
