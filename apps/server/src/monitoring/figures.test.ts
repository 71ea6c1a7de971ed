import type { ServerMetrics } from "@miscord/protocol";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { combineMetrics, workersText } from "./figures.ts";

const one: ServerMetrics = {
  main_websocket: {
    total_connections: 5,
    active_channels: 2,
    messages_sent: 100,
    messages_received: 10,
    bytes_sent: 1_000,
    bytes_received: 500,
    average_latency: 0.002,
    latency_p50: 0.001,
    latency_p95: 0.003,
    latency_p99: 0.004,
    peak_connections: 7,
    connection_errors: 1,
    batches_sent: 10,
    events_per_batch: 3,
    dropped_low_priority: 4,
    slow_consumers_closed: 1,
    circuit_breaker: "closed",
  },
  voice_websocket: {} as ServerMetrics["voice_websocket"],
  security: {} as ServerMetrics["security"],
  system: { version: "2", uptime: 90, cpu_percent: 20, memory_bytes: 100, event_loop_lag_p99: 0.01 },
  bus: { latency: 0.001, reconnections: 1, resyncs: 2 },
  database: { latency: 0.004, pool: null, replication: null },
};

const changed = (main: Partial<ServerMetrics["main_websocket"]>, system: Partial<ServerMetrics["system"]> = {}) => ({
  ...one,
  main_websocket: { ...one.main_websocket, ...main },
  system: { ...one.system, ...system },
});

test("the figures of workers are added, except those of which the worst one counts", () => {
  const two = changed(
    { latency_p99: 0.2, batches_sent: 30, events_per_batch: 1, circuit_breaker: "half_open" },
    { uptime: 4, event_loop_lag_p99: 0.5 },
  );
  const all = combineMetrics([one, two]);
  expect(all.main_websocket).toMatchObject({
    total_connections: 10,
    messages_sent: 200,
    latency_p99: 0.2,
    batches_sent: 40,
    events_per_batch: 1.5,
    circuit_breaker: "half_open",
  });
  expect(all.system).toEqual({
    version: "2",
    uptime: 4,
    cpu_percent: 40,
    memory_bytes: 200,
    event_loop_lag_p99: 0.5,
  });
  expect(all).toMatchObject({
    bus: { latency: 0.001, reconnections: 2, resyncs: 4 },
    database: { latency: 0.004, pool: null },
  });
});

test("an open breaker of one worker shows, and of one worker alone the figures are its own", () => {
  expect(combineMetrics([one, changed({ circuit_breaker: "open" }), one]).main_websocket.circuit_breaker).toBe("open");
  expect(combineMetrics([one])).toEqual(one);
});

test("the text for Prometheus has each metric once, with one sample a worker", async () => {
  const figures = async (worker: number) => {
    const registry = new Registry();
    const registers = [registry];
    new Counter({ name: "sent_total", help: "sent", registers }).inc(worker * 10);
    new Gauge({ name: "info", help: "info", labelNames: ["version"], registers }).set({ version: "2" }, 1);
    new Histogram({ name: "latency", help: "latency", buckets: [1], registers }).observe(0.5);
    return { worker, metrics: one, prometheus: await registry.getMetricsAsJSON() };
  };
  const text = await workersText([await figures(1), await figures(2)]);
  expect(text.match(/^# TYPE .*/gm)).toEqual([
    "# TYPE sent_total counter",
    "# TYPE info gauge",
    "# TYPE latency histogram",
  ]);
  expect(text).toContain('sent_total{worker="1"} 10\nsent_total{worker="2"} 20');
  expect(text).toContain('info{version="2",worker="2"} 1');
  expect(text).toContain('latency_bucket{le="1",worker="1"} 1');
});
