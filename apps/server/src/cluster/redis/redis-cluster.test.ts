import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../clock.ts";
import { newNodeId } from "../../node-id.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { describeCluster } from "../conformance.ts";
import type { Cluster } from "../contract.ts";
import { patience } from "../testing/cluster-fixture.ts";
import { testTimes } from "../testing/cluster-world.ts";
import { startTcpRelay, type TcpRelay } from "../testing/tcp-relay.ts";
import { openRedisCluster } from "./open-redis-cluster.ts";

describeCluster("Redis", async () => {
  const redis = await startRedis();
  const relays: TcpRelay[] = [];
  const prefix = `${randomUUID()}:`;
  return {
    async join() {
      const relay = await startTcpRelay(Number(new URL(redis.url).port));
      relays.push(relay);
      const url = `redis://127.0.0.1:${relay.port}`;
      const cluster = await openRedisCluster({
        nodeId: newNodeId(),
        url,
        prefix,
        clock: systemClock,
        times: testTimes,
      });
      return { cluster, kill: () => relay.pause(), pause: () => relay.pause(), resume: () => relay.resume() };
    },
    async dispose() {
      await Promise.all(relays.map((relay) => relay.close()));
      await redis.dispose();
    },
  };
});

describe("Redis fails", () => {
  let redis: TestRedis;
  let nodes: Cluster[];

  beforeAll(async () => {
    redis = await startRedis();
    const options = { url: redis.url, prefix: "t:", clock: systemClock, times: testTimes };
    nodes = await Promise.all([1, 2, 3].map(() => openRedisCluster({ ...options, nodeId: newNodeId() })));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await redis.dispose();
  });

  async function allSee(key: string): Promise<void> {
    await vi.waitFor(() => {
      for (const node of nodes) expect(node.map("m").get(key).size).toBe(3);
    }, patience);
  }

  test("a Redis that is killed and comes back empty gets all entries again, and claims have one owner", async () => {
    for (const [i, node] of nodes.entries()) node.map<number>("m").set("before", i);
    await allSee("before");
    const first = await nodes[0]!.claim("job");
    await redis.kill();
    for (const [i, node] of nodes.entries()) node.map<number>("m").set("meanwhile", i);
    await expect(nodes[1]!.claim("job")).rejects.toThrow(/closed|offline|in time|connect|disconnect/i);
    const budget = nodes[0]!.budget("b", { perSecond: 1, burst: 2 });
    expect([await budget.take("k"), await budget.take("k"), (await budget.take("k")) > 0]).toEqual([0, 0, true]);
    await redis.start();
    await allSee("before");
    await allSee("meanwhile");
    expect(first).toBe(nodes[0]!.nodeId);
    const owners = await Promise.all(
      nodes.map((node) => vi.waitFor(() => node.claim("job"), { ...patience, interval: 50 })),
    );
    expect(new Set(owners).size).toBe(1);
    expect(nodes.filter((node) => node.owns("job")).map(({ nodeId }) => nodeId)).toEqual([owners[0]]);
  });

  test("a Redis that hangs costs a command about a second at most, and everything goes on once it answers", async () => {
    redis.pause();
    const budget = nodes[0]!.budget("hang", { perSecond: 0.001, burst: 1_000 });
    const longest = await longestTake(budget, 1_500);
    // Three times that second: the machine also does other things.
    expect(longest).toBeLessThan(3_000);
    nodes[0]!.map<number>("m").set("hang", 1);
    await vi.waitFor(() => expect(nodes.map((node) => node.owns("job"))).toEqual([false, false, false]), patience);
    redis.resume();
    await vi.waitFor(() => {
      for (const node of nodes) {
        expect(node.map("m").get("hang").size).toBe(1);
        expect(node.nodes.size).toBe(3);
      }
    }, patience);
    await expect(nodes[2]!.ping()).resolves.toBeUndefined();
  });

  test("a node that starts without Redis fails with an error", async () => {
    const url = "redis://127.0.0.1:1";
    await expect(openRedisCluster({ nodeId: newNodeId(), url, prefix: "t:", clock: systemClock })).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});

async function longestTake(budget: { take(key: string): number | Promise<number> }, forMs: number): Promise<number> {
  const endsAt = performance.now() + forMs;
  let longest = 0;
  while (performance.now() < endsAt) {
    const startedAt = performance.now();
    await budget.take("k");
    longest = Math.max(longest, performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return longest;
}
