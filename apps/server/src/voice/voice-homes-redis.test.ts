import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Store } from "../store/contract.ts";
import { openRedisBus } from "../bus/redis/open-redis-bus.ts";
import { systemClock } from "../clock.ts";
import type { Cluster } from "../cluster/contract.ts";
import { openRedisCluster } from "../cluster/redis/open-redis-cluster.ts";
import { testTimes } from "../cluster/testing/cluster-world.ts";
import { startTcpRelay, type TcpRelay } from "../cluster/testing/tcp-relay.ts";
import { AppError } from "../errors.ts";
import { newNodeId } from "../node-id.ts";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { createVoice, type Voice, type VoiceSettings } from "./create-voice.ts";
import type { VoiceHandle } from "./nodes/live-entry.ts";
import { RecordingPort } from "./testing/recording-port.ts";

interface Node {
  voice: Voice;
  cluster: Cluster;
  relay: TcpRelay;
  close(): Promise<unknown>;
}

const settings: VoiceSettings = {
  forwardsVoice: false,
  voicePort: 0,
  voiceAddresses: [],
  voiceRegion: "main",
  publicUrl: undefined,
  voiceMeshLimit: 10,
  voiceRoomLimit: 10,
  stunUrls: [],
  turnUrls: [],
  turnSecret: undefined,
  turnTtlMs: 1,
  voiceRelayOnly: false,
};
const channel = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };

let redis: TestRedis;
let prefix: string;
let nodes: Node[];
let one: Node;
let two: Node;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.dispose());
beforeEach(async () => {
  prefix = randomUUID();
  nodes = [await join(), await join()];
  [one, two] = nodes as [Node, Node];
});
afterEach(() => Promise.all(nodes.map((node) => node.close())));

async function join(): Promise<Node> {
  const relay = await startTcpRelay(Number(new URL(redis.url).port));
  const url = `redis://127.0.0.1:${relay.port}`;
  const [nodeId, clock] = [newNodeId(), systemClock];
  const bus = await openRedisBus({ url, instance: prefix, nodeId, clock });
  const cluster = await openRedisCluster({ nodeId, url, prefix: `${prefix}:`, clock, times: testTimes });
  // Nobody calls in a private channel here.
  const store = {} as Pick<Store, "db">;
  const voice = createVoice({ bus, store, clock, cluster, settings });
  const close = async () => {
    voice.close();
    relay.resume();
    await Promise.all([bus.close(), cluster.close()]);
    await relay.close();
  };
  return { voice, cluster, relay, close };
}

async function enter({ voice }: Node, userId: number) {
  const port = new RecordingPort();
  const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
  const handle = await voice.homes.enter({
    user,
    channel,
    callId: `call-${userId}`,
    isLegacy: false,
    canForward: true,
    port,
  });
  return { port, handle };
}

/** Clients repeat an offer that is refused or lost. */
async function sendOffer(handle: VoiceHandle): Promise<void> {
  try {
    await handle.signal(2, { kind: "offer", sdp: "v=0", extra: {} });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "unavailable") throw error;
  }
}

const eventually = <T>(read: () => T) => expect.poll(read);
const usersOf = ({ voice }: Node) => new Set(voice.statesOf(10).map(({ user }) => user.id));
const lastEntered = ({ port }: { port: RecordingPort }) =>
  port
    .of("entered")
    .at(-1)!
    .participants.map(({ user }) => user.id);

test("a call over two nodes passes signals through Redis, and every node knows its participants", async () => {
  const ada = await enter(one, 1);
  const bob = await enter(two, 2);
  expect(lastEntered(bob)).toEqual([1]);
  await bob.handle.signal(1, { kind: "offer", sdp: "v=0", extra: {} });
  expect(ada.port.of("signal")).toMatchObject([{ fromId: 2, signal: { sdp: "v=0" } }]);
  for (const node of nodes) await eventually(() => usersOf(node)).toEqual(new Set([1, 2]));
});

test("a call whose home is cut off from Redis goes on at the other node, and with both when the first is back", async () => {
  const ada = await enter(one, 1);
  const bob = await enter(two, 2);
  await eventually(() => usersOf(two)).toEqual(new Set([1, 2]));
  one.relay.pause();
  await eventually(() => two.cluster.owns("voice:1")).toBe(true);
  expect(one.cluster.owns("voice:1")).toBe(false);
  await eventually(() => lastEntered(bob)).toEqual([1]);
  one.relay.resume();
  await eventually(() => lastEntered(ada)).toEqual([2]);
  await eventually(() => one.voice.rooms.rooms.size).toBe(0);
  await ada.handle.signal(2, { kind: "offer", sdp: "v=0", extra: {} });
  expect(bob.port.of("signal")).toMatchObject([{ fromId: 1, signal: { sdp: "v=0" } }]);
  expect([...ada.port.of("left"), ...bob.port.of("left")]).toEqual([]);
  for (const node of nodes) await eventually(() => usersOf(node)).toEqual(new Set([1, 2]));
});

test("a call outlives a restart of an empty Redis", async () => {
  const ada = await enter(one, 1);
  const bob = await enter(two, 2);
  await redis.kill();
  await new Promise((resolve) => setTimeout(resolve, 2 * testTimes.leaseMs));
  await redis.start();
  await eventually(() => sendOffer(ada.handle).then(() => bob.port.of("signal").length)).toBeGreaterThan(0);
  expect([ada.port.closed, bob.port.closed]).toEqual([null, null]);
  expect([...ada.port.of("left"), ...bob.port.of("left")]).toEqual([]);
  for (const node of nodes) await eventually(() => usersOf(node)).toEqual(new Set([1, 2]));
});
