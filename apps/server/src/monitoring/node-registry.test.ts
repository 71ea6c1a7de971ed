import { expect, test } from "vitest";
import { createBusStats } from "../bus/contract.ts";
import { MemoryHub } from "../cluster/memory-hub.ts";
import { pass } from "../cluster/testing/pass.ts";
import { createGatewayStats } from "../gateway/stats.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NodeRegistry } from "./node-registry.ts";

test("each node knows the figures of all living nodes, in the order of their start", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const start = async (name: string, people: number) => {
    const stats = createGatewayStats();
    const system = {
      uptimeSeconds: 1,
      memoryBytes: 2,
      memoryPercent: 3,
      cpuPercent: 40,
      loopBusy: 0.4,
      eventLoopLagP99: 0.01,
    };
    const bus = { isLocal: false, stats: { ...createBusStats(), latencyMs: people, reconnections: 1 } };
    const store = {
      stats: () => ({
        latencyMs: people * 2,
        pool: { inUse: people, idle: 1, waiting: 0 },
        replication: { standbys: 1, isSynchronous: true },
      }),
    };
    const dependencies = { bus, store, resync: { count: 2 } };
    const sources = { version: "2.0.0", stats, system, sessions: { userCount: people }, ...dependencies };
    const cluster = await hub.join();
    return { cluster, stats, registry: new NodeRegistry({ clock, name, cluster, sources }) };
  };
  const first = await start("left", 3);
  await pass(clock, 1_000);
  const second = await start("right", 4);
  first.stats.messagesReceived = 50;
  first.stats.connections = 7;
  await pass(clock, 5_000);
  expect(second.registry.nodes()).toMatchObject([
    {
      id: first.cluster.nodeId,
      name: "left",
      people: 3,
      connections: 7,
      cpu_percent: 40,
      version: "2.0.0",
      pid: process.pid,
    },
    { id: second.cluster.nodeId, name: "right", people: 4, connections: 0 },
  ]);
  const database = { pool: { in_use: 3, idle: 1, waiting: 0 }, replication: { standbys: 1, is_synchronous: true } };
  expect(second.registry.nodes()[0]).toMatchObject({
    bus: { latency: 0.003, reconnections: 1, resyncs: 2 },
    database: { latency: 0.006, ...database },
  });
  expect(second.registry.nodes()[0]!.messages_per_second).toBe(10);
  await first.cluster.close();
  expect(second.registry.nodes().map(({ id }) => id)).toEqual([second.cluster.nodeId]);
  first.registry.stop();
  second.registry.stop();
  hub.close();
});
