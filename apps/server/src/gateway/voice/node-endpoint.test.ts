import { closeCodes } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addVoiceNode } from "../../domain/instance/voice-nodes.ts";
import { deleteVoiceNode, voiceNodeByName } from "../../store/queries/voice-nodes.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { linkVersion } from "../../voice/regions/link-messages.ts";

const hello = { kind: "hello", link: linkVersion, version: "2.0.0", url: null };
const peer = "0".repeat(36);

let world: RealtimeWorld;
let token: string;

beforeAll(async () => {
  world = await RealtimeWorld.open({ voice: { forwardsVoice: true, voiceAddresses: ["127.0.0.1"] } });
});
afterAll(() => world.close());
// With another token each time: what one test was refused delays no answer to the next.
beforeEach(async () => {
  await until(() => names().length === 0);
  await deleteVoiceNode(world.store.db, "ams");
  token = await add("ams");
});

const add = (name: string) =>
  addVoiceNode({ store: world.store, clock: world.clock, ownRegion: world.context.voice.ownRegion }, name);

const dial = (authorization = `Bearer ${token}`) => world.dial("/ws/voice-node", { headers: { authorization } });

/** What came over a link, by kind. */
const received = ({ frames }: TestSocket, kind: string) =>
  (frames as unknown as { kind: string }[]).filter((frame) => frame.kind === kind);

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 5 }).toBe(true);
}

async function join(authorization?: string): Promise<TestSocket> {
  const socket = dial(authorization);
  socket.ws.once("open", () => socket.send(hello));
  await until(() => received(socket, "welcome").length === 1);
  socket.send({ kind: "ready", stunUrl: null });
  await until(() => names().length === 2);
  return socket;
}

const names = () => world.context.voice.listRegions().map(({ name }) => name);

test("a voice node with its token is a region until it is gone", async () => {
  const ams = await join();
  expect(names()).toEqual(["main", "ams"]);
  expect(received(ams, "welcome")).toEqual([
    // This machine's own address is of no use to others.
    { kind: "welcome", region: "ams", address: null, hasTurnOverTcp: false, takesUnreached: true },
  ]);
  await ams.close();
  await until(() => names().length === 0);
});

describe("what is kept of a voice node", () => {
  const kept = async () => (await voiceNodeByName(world.store.db, "ams"))!;

  test("is when it was last there, and what it ran", async () => {
    expect(await kept()).toMatchObject({ seen_at: null, version: null, refusal: null });
    const ams = await join();
    await expect.poll(async () => (await kept()).version).toBe("2.0.0");
    const joinedAt = world.clock.now();
    expect((await kept()).seen_at).toBe(joinedAt);
    for (let passed = 0; passed < 40; passed += 1) {
      ams.send({ kind: "beat" });
      ams.ws.ping();
      await new Promise((resolve) => ams.ws.once("pong", resolve));
      world.clock.advance(1_000);
    }
    await ams.close();
    await until(() => names().length === 0);
    await expect.poll(async () => (await kept()).seen_at).toBeGreaterThan(joinedAt);
    expect((await kept()).refusal).toBeNull();
  });

  test("is why it was turned away", async () => {
    const other = dial();
    other.ws.once("open", () => other.send({ ...hello, link: linkVersion + 1 }));
    await other.closed;
    await expect.poll(async () => (await kept()).refusal).toBe("version");
    const ams = await join();
    await dial().closed;
    await expect.poll(async () => (await kept()).refusal).toBe("connected");
    expect(await kept()).toMatchObject({ seen_at: expect.any(Number), refused_at: world.clock.now() });
    await ams.close();
    await until(() => names().length === 0);
    const unready = dial();
    unready.ws.once("open", () => unready.send(hello));
    await until(() => received(unready, "welcome").length === 1);
    await unready.close();
    await expect.poll(async () => (await kept()).refusal).toBe("unready");
  });

  test("is nothing for another token of the same name", async () => {
    const ams = await join();
    await deleteVoiceNode(world.store.db, "ams");
    await add("ams");
    await ams.close();
    await until(() => names().length === 0);
    expect(await kept()).toMatchObject({ seen_at: null, refusal: null });
  });
});

describe("whoever has no token", () => {
  test.each([
    ["none", ""],
    ["another", `Bearer ${"A".repeat(43)}`],
    ["a shorter one", "Bearer A"],
    ["one of a person", "person"],
  ])("is refused: %s", async (_, given) => {
    const person = await world.person();
    const socket = dial(given === "person" ? `Bearer ${person.token}` : given);
    expect(await socket.closed).toEqual({ code: closeCodes.tokenInvalid, reason: "No voice node has this token." });
    expect(names()).toEqual([]);
  });

  test("learns nothing of the digests, which are no tokens", async () => {
    const [{ digest } = { digest: "" }] = await world.store.db.selectFrom("voice_nodes").select("digest").execute();
    expect(digest).not.toBe("");
    expect((await dial(`Bearer ${digest}`).closed).code).toBe(closeCodes.tokenInvalid);
  });

  test("and a voice node's token opens no other socket", async () => {
    const { closed } = world.dial("/ws/main", { headers: { authorization: `Bearer ${token}` } });
    expect((await closed).code).toBe(closeCodes.tokenInvalid);
  });
});

test("a second voice node with the same token is refused while the first one is connected", async () => {
  const first = await join();
  const second = dial();
  const reason = "The region ams is connected already.";
  expect(await second.closed).toEqual({ code: closeCodes.tryAgainLater, reason });
  expect(names()).toEqual(["main", "ams"]);
  await first.close();
});

test("a voice node of another version is refused with one sentence", async () => {
  const socket = dial();
  socket.ws.once("open", () => socket.send({ ...hello, link: linkVersion + 1, version: "9.9.9" }));
  const { code, reason } = await socket.closed;
  expect([code, reason]).toEqual([closeCodes.forbidden, expect.stringContaining("this is 9.9.9")]);
});

test("a voice node that the operator removes is gone within seconds", async () => {
  const ams = await join();
  await deleteVoiceNode(world.store.db, "ams");
  const beating = setInterval(() => {
    ams.send({ kind: "beat" });
    world.clock.advance(100);
  }, 5);
  const { code, reason } = await ams.closed;
  clearInterval(beating);
  expect([code, reason]).toEqual([closeCodes.tokenInvalid, "The voice node was removed."]);
  expect(names()).toEqual([]);
});

describe("a link ends at once, and with it the region, for", () => {
  const track = { userId: 1, kind: "microphone" };
  const tracks = { kind: "tracks", peer, isScreenWanted: false, isCameraWanted: false };
  const small = { isSmallScreenWanted: false, isSmallCameraWanted: false };
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`a${at}`, track]));
  const turn = { username: "u", credential: "c" };

  test.each<[string, unknown]>([
    ["what is no JSON", "offer"],
    ["bytes", Buffer.from([1, 2, 3])],
    ["a list", "[]"],
    ["no kind", "{}"],
    ["an unknown kind", { kind: "open", peer, room: 1, userId: 1 }],
    ["JSON that is nested too deeply", `${'{"kind":'.repeat(40)}1${"}".repeat(40)}`],
    ["a second hello", hello],
    ["a description that is too long", { kind: "offer", peer, sdp: "x".repeat(49 * 1024) }],
    ["a description that is none", { kind: "offer", peer, sdp: 7 }],
    ["too many tracks", { ...tracks, ...small, tracks: many }],
    ["tracks of nobody", { ...tracks, ...small, tracks: { a0: { userId: -1, kind: "microphone" } } }],
    ["tracks of an unknown kind", { ...tracks, ...small, tracks: { a0: { userId: 1, kind: "script" } } }],
    ["another server in place of its STUN server", { kind: "ready", stunUrl: "https://example.org" }],
    ["figures below zero", { kind: "figures", peers: -1, packetsIn: 0, packetsOut: 0, bytesOut: 0 }],
    ["servers that are no relays", { kind: "offer", peer, sdp: "v=0", iceServers: [{ urls: ["http://a"], ...turn }] }],
  ])("%s", async (_, frame) => {
    const ams = await join();
    ams.send(frame);
    expect((await ams.closed).code).toBe(closeCodes.malformed);
    await until(() => names().length === 0);
  });

  test("frames above the limit", async () => {
    const ams = await join();
    ams.send({ kind: "beat", padding: "x".repeat(65 * 1024) });
    expect((await ams.closed).code).toBe(closeCodes.malformed);
    await until(() => names().length === 0);
  });

  test("more messages than any unit sends", async () => {
    const ams = await join();
    for (let sent = 0; sent < 21_000; sent += 1) ams.send('{"kind":"beat"}');
    expect((await ams.closed).code).toBe(closeCodes.rateLimited);
  });
});

test("what a voice node says about connections that it was not given does nothing", async () => {
  const ams = await join();
  ams.send({ kind: "offer", peer, sdp: "v=0" });
  ams.send({ kind: "figures", peers: 1, packetsIn: 1, packetsOut: 1, bytesOut: 1 });
  ams.send({ kind: "beat" });
  ams.ws.ping();
  await new Promise((resolve) => ams.ws.once("pong", resolve));
  expect(names()).toEqual(["main", "ams"]);
  await ams.close();
});
