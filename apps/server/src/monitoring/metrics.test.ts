import { notForwarding } from "./voice-metrics.ts";
import { describe, expect, test } from "vitest";
import { MemoryBus } from "../bus/memory.ts";
import { createGatewayStats } from "../gateway/stats.ts";
import { LatencyWindow } from "./latency-window.ts";
import { createHttpStats, readMetrics, type MetricsSources } from "./metrics.ts";
import { performanceLine } from "./performance-log.ts";
import { PrometheusMetrics } from "./prometheus.ts";

function sources(): MetricsSources {
  const stats = createGatewayStats();
  stats.delivery.eventsSent = 50_000;
  stats.delivery.batchesSent = 4;
  stats.delivery.eventsBatched = 10;
  const latency = new LatencyWindow();
  for (let ms = 1; ms <= 169; ms += 1) latency.observe(ms);
  return {
    version: "2.0.0",
    node: { name: "n1", count: () => 1 },
    stats,
    latency,
    security: {
      totals: { auth_failure: 1, rate_limited: 2, forbidden: 3, malformed: 4, token_reuse: 5 },
      suspiciousClients: 6,
    },
    system: {
      uptimeSeconds: 1,
      memoryBytes: 2,
      memoryPercent: 45.2,
      cpuPercent: 34.9,
      loopBusy: 0.3,
      eventLoopLagP99: 0.01,
    },
    breaker: { state: "closed" },
    sessions: { count: 1_000, peak: 1_000, userCount: 900 },
    channels: { channelCount: 150 },
    voice: () => ({
      total_connections: 0,
      active_channels: 0,
      webrtc_offers: 0,
      webrtc_answers: 0,
      ice_candidates: 0,
      bitrate: 64_000,
    }),
    voiceQuality: () => ({
      participants: 0,
      reports: 0,
      rttMs: null,
      jitterMs: null,
      loss: null,
      bitrate: null,
      forwarding: notForwarding,
    }),
    http: createHttpStats(),
    maxConnections: 10_000,
    search: { lag: 0, remaining: 0 },
    bus: new MemoryBus(),
    resync: { count: 0 },
    store: { stats: () => ({ latencyMs: 0.25, pool: null, replication: null }) },
  };
}

describe("metrics", () => {
  test("have latencies in seconds", () => {
    expect(readMetrics(sources()).main_websocket).toMatchObject({
      average_latency: 0.085,
      latency_p50: 0.085,
      latency_p95: 0.161,
      latency_p99: 0.168,
      events_per_batch: 2.5,
    });
  });

  test("have the database, and no bus where the node is alone", () => {
    const { bus, database } = readMetrics(sources());
    expect(bus).toBeNull();
    expect(database).toEqual({ latency: 0.00025, pool: null, replication: null });
  });

  test("have the bus, the pool and the replication for Prometheus where they exist", async () => {
    const text = await new PrometheusMetrics({
      ...sources(),
      bus: { isLocal: false, stats: { latencyMs: 2, reconnections: 3, gaps: 0, lostBatches: 0 } },
      resync: { count: 4 },
      store: { stats: () => ({ latencyMs: null, pool: { inUse: 5, idle: 6, waiting: 7 }, replication: null }) },
    }).text();
    for (const line of [
      "miscord_bus_latency_seconds 0.002",
      "miscord_bus_reconnections_total 3",
      "miscord_bus_resyncs_total 4",
      "miscord_database_latency_seconds Nan",
      'miscord_database_pool{state="in_use"} 5',
      'miscord_database_pool{state="idle"} 6',
      'miscord_database_pool{state="waiting"} 7',
      "miscord_database_standbys Nan",
    ])
      expect(text.split("\n")).toContain(line);
  });

  test("are summarized in one log line of the documented format", () => {
    expect(performanceLine(sources())).toBe(
      "[EnhancedWS] 📊 Performance: Connections: 1000/1000, Channels: 150, Messages: 50000, Avg latency: 0.085s, Memory: 45%, CPU: 35%",
    );
  });

  test("compute latencies from the latest values only", () => {
    const latency = new LatencyWindow();
    for (let i = 0; i < 4_096; i += 1) latency.observe(1_000);
    for (let i = 0; i < 4_096; i += 1) latency.observe(5);
    expect(latency.summary().p99).toBe(0.005);
  });
});
