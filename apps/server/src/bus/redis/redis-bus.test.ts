import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../clock.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { describeBus } from "../conformance.ts";
import { describeNetworkBus, type NetworkFault } from "../conformance-network.ts";
import { BusNodes, typing } from "../testing/bus-nodes.ts";
import { floodRedis } from "../testing/flood-redis.ts";
import { openRedisBus } from "./open-redis-bus.ts";
import { eventually } from "../../testing/eventually.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.dispose());

function createBus(nodeId: string, instance = "one") {
  return openRedisBus({ url: redis.url, instance, nodeId, clock: systemClock });
}

async function ask(...command: string[]): Promise<unknown> {
  const client = createClient({ url: redis.url });
  await client.connect();
  const answer = await client.sendCommand(command);
  client.destroy();
  return answer;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const faults: NetworkFault[] = [
  { name: "Redis is killed and restarted", begin: () => redis.kill(), end: () => redis.start() },
  {
    name: "Redis hangs for six seconds",
    begin: () => redis.pause(),
    async end() {
      await wait(6_000);
      redis.resume();
    },
  },
  {
    name: "the subscribers' connections are cut",
    begin: async () => void (await ask("CLIENT", "KILL", "TYPE", "pubsub")),
    end: () => {},
  },
  {
    name: "the subscribers' connections are cut twice in a row",
    begin: async () => void (await ask("CLIENT", "KILL", "TYPE", "pubsub")),
    async end() {
      await wait(120);
      await ask("CLIENT", "KILL", "TYPE", "pubsub");
    },
  },
];

describeBus("Redis", (nodeId) => createBus(nodeId));
describeNetworkBus(
  "Redis",
  faults.map(({ name }) => name),
  () => Promise.resolve({ createBus: (nodeId) => createBus(nodeId), faults }),
);

describe("the bus over Redis", () => {
  const nodes = new BusNodes((nodeId) => createBus(nodeId));

  test("two instances on one Redis receive nothing of each other", async () => {
    const [bus, foreign] = [await createBus("a", "one"), await createBus("b", "two")];
    const received: unknown[] = [];
    foreign.onMessage((topic) => received.push(topic));
    await foreign.subscribe("channel:1");
    bus.publish("channel:1", typing(1));
    await wait(200);
    expect(received).toEqual([]);
    await Promise.all([bus.close(), foreign.close()]);
  });

  test("ping rejects within four seconds once Redis hangs, and resolves soon after it continues", async () => {
    const { bus } = await nodes.open();
    redis.pause();
    await expect(bus.ping()).rejects.toBeInstanceOf(Error);
    redis.resume();
    await vi.waitFor(() => bus.ping(), { timeout: 60_000, interval: 50 });
    expect(bus.stats.latencyMs).toBeLessThan(3_000);
    await nodes.close();
  });

  test("a thousand topics are subscribed again after a lost connection", async () => {
    const topics = Array.from({ length: 1_200 }, (_, i) => `channel:${i + 1}` as const);
    const [publisher, other] = [await nodes.open(), await nodes.open()];
    await Promise.all(topics.map((topic) => other.bus.subscribe(topic)));
    await ask("CLIENT", "KILL", "TYPE", "pubsub");
    await vi.waitFor(() => expect(other.bus.stats.gaps).toBeGreaterThan(0), { timeout: 60_000 });
    for (const topic of topics) publisher.bus.publish(topic, typing(1));
    await vi.waitFor(() => expect(other.received).toHaveLength(topics.length), { timeout: 60_000 });
    await nodes.close();
  });

  test("a subscription during an interruption is live once it resolves", async () => {
    const [publisher, other] = [await nodes.open(), await nodes.open()];
    await redis.kill();
    await eventually(() => expect(other.bus.ping()).rejects.toBeInstanceOf(Error));
    const subscribed = other.bus.subscribe("channel:1");
    await redis.start();
    await subscribed;
    await vi.waitFor(() => publisher.bus.ping(), { timeout: 60_000 });
    publisher.bus.publish("channel:1", typing(1));
    await vi.waitFor(() => expect(other.received).toEqual([["channel:1", typing(1)]]), { timeout: 60_000 });
    await nodes.close();
  });

  test("a subscriber that Redis cuts off for reading too slowly has a gap and receives again", async () => {
    const [publisher, slow] = [await nodes.open(), await nodes.open("channel:1")];
    await ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 512kb 1");
    const [channel] = (await ask("PUBSUB", "CHANNELS", "*channel:1")) as [string];
    floodRedis(redis.url, channel, 64);
    await vi.waitFor(() => expect(slow.bus.stats.gaps).toBeGreaterThan(0), { timeout: 60_000 });
    publisher.bus.publish("channel:1", typing(1));
    await vi.waitFor(() => expect(slow.received).toContainEqual(["channel:1", typing(1)]), { timeout: 60_000 });
    await nodes.close();
  });
});

describe("starting with Redis", () => {
  test("an unreachable Redis is one sentence without the password", async () => {
    const url = "redis://user:secret-word@127.0.0.1:1";
    const failed = openRedisBus({ url, instance: "one", nodeId: "a", clock: systemClock });
    await expect(failed).rejects.toThrow("Redis at 127.0.0.1:1, named by REDIS_URL, cannot be reached: ECONNREFUSED.");
  });

  test("a wrong password is one sentence without the password", async () => {
    await ask("CONFIG", "SET", "requirepass", "right");
    const url = redis.url.replace("redis://", "redis://:secret-word@");
    const failed = openRedisBus({ url, instance: "one", nodeId: "a", clock: systemClock });
    await expect(failed).rejects.toThrow(/^Redis at 127\.0\.0\.1:\d+ refuses the user or the password of REDIS_URL\.$/);
  });
});
