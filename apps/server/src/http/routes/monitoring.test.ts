import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServerMetrics } from "@miscord/protocol";
import { MemoryBus } from "../../bus/memory.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const metricsToken = "a-token-for-the-metrics";
const forwarded = { "x-forwarded-for": "192.0.2.1" };
const bearer = { authorization: `Bearer ${metricsToken}` };

describe("health and metrics", () => {
  let server: TestServer;
  const bus = new MemoryBus();
  beforeAll(async () => {
    server = await startTestServer({ metricsToken, nodeName: "left" }, { bus });
  });
  afterAll(() => server.cleanup());

  const get = (path: string, headers: Record<string, string> = bearer) => fetch(`${server.url}${path}`, { headers });

  test("shows every check to this machine", async () => {
    const response = await get("/health");
    expect(response.status).toBe(200);
    const checks = { database: "ok", bus: "ok", storage: "ok", circuit_breaker: "closed" };
    expect(await response.json()).toEqual({ status: "healthy", node: "left", checks });
    expect((await get("/health/live")).status).toBe(200);
  });

  test("shows only the status and the random id of the node to other machines", async () => {
    expect(await (await get("/health", forwarded)).json()).toEqual({
      status: "healthy",
      node: expect.stringMatching(/^[0-9a-f]{8}$/),
      checks: {},
    });
    expect((await get("/metrics", forwarded)).status).toBe(403);
    expect((await get("/metrics", {})).status).toBe(403);
    expect((await get("/metrics", { ...forwarded, authorization: "Bearer wrong" })).status).toBe(403);
    expect((await get("/metrics", { ...forwarded, ...bearer })).status).toBe(200);
  });

  test("serves the metrics as JSON with every documented figure", async () => {
    const metrics = (await (await get("/metrics")).json()) as ServerMetrics;
    expect(Object.keys(metrics.main_websocket)).toEqual([
      "total_connections",
      "active_channels",
      "messages_sent",
      "messages_received",
      "bytes_sent",
      "bytes_received",
      "average_latency",
      "latency_p50",
      "latency_p95",
      "latency_p99",
      "peak_connections",
      "connection_errors",
      "batches_sent",
      "events_per_batch",
      "dropped_low_priority",
      "slow_consumers_closed",
      "circuit_breaker",
    ]);
    expect(metrics.voice_websocket).toEqual({
      total_connections: 0,
      active_channels: 0,
      webrtc_offers: 0,
      webrtc_answers: 0,
      ice_candidates: 0,
      bitrate: 64_000,
    });
    const figures = ["auth_failures", "rate_limited", "forbidden", "malformed", "suspicious_clients"];
    expect(Object.keys(metrics.security)).toEqual(figures);
    expect(metrics.system).toMatchObject({ version: expect.any(String), uptime: expect.any(Number) });
    expect(Object.keys(metrics.system)).toEqual([
      "version",
      "uptime",
      "cpu_percent",
      "memory_bytes",
      "event_loop_lag_p99",
    ]);
    expect(metrics.bus).toBeNull();
    expect(metrics.database).toEqual({ latency: expect.any(Number), pool: null, replication: null });
  });

  test.each([
    ["/metrics?format=prometheus", {}],
    ["/metrics", { accept: "text/plain" }],
    ["/metrics", { accept: "application/openmetrics-text; version=1.0.0" }],
  ])("serves the metrics for Prometheus (%s %o)", async (path, headers) => {
    const response = await get(path, { ...bearer, ...headers });
    expect(response.headers.get("content-type")).toContain("text/plain");
    const text = await response.text();
    expect(text).toMatch(/^miscord_main_websocket_total_connections 0$/m);
    expect(text).toMatch(/^miscord_websocket_connections 0$/m);
    expect(text).toMatch(/^miscord_websocket_connections_limit 10000$/m);
    expect(text).toMatch(/^miscord_system_memory_percent \d/m);
    expect(text).toMatch(/^miscord_main_websocket_messages_sent_total 0$/m);
    expect(text).toMatch(/^miscord_message_latency_seconds_count 0$/m);
    expect(text).toMatch(/^miscord_circuit_breaker_open 0$/m);
    expect(text).toMatch(/^miscord_info\{version=".+",node="left"\} 1$/m);
    expect(text).toMatch(/^miscord_security_token_reuse_total 0$/m);
    expect(text).toMatch(/^miscord_voice_websocket_rtt_seconds NaN$/im);
    expect(text).toMatch(/^miscord_database_latency_seconds 0\.\d+$/m);
    expect(text).not.toMatch(/miscord_(bus|database_pool|database_standbys)/);
  });

  test("answers /health with 503 and the failing checks while it stays alive and ready", async () => {
    await bus.close();
    await expect.poll(async () => (await get("/health")).status).toBe(503);
    expect(await (await get("/health")).json()).toMatchObject({
      status: "unhealthy",
      checks: { database: "ok", bus: "failing" },
    });
    for (const path of ["/health/live", "/health/ready"]) expect((await get(path, forwarded)).status, path).toBe(200);
  });
});

test("/health/ready answers 404 to a load balancer while the node stops, before it refuses connections", async () => {
  const server = await startTestServer();
  const ready = () => fetch(`${server.url}/health/ready`);
  try {
    expect(await (await ready()).json()).toEqual({ status: "ready" });
    const stopped = server.stop();
    const draining = await ready();
    expect(draining.status).toBe(404);
    expect(await draining.json()).toEqual({ status: "draining" });
    await stopped;
    await expect(ready()).rejects.toThrow("fetch failed");
  } finally {
    await server.cleanup();
  }
});

test("whom a front passes on is not taken for the load balancer: a stop waits until that one knows", async () => {
  const server = await startTestServer({ trustedProxies: ["127.0.0.1"] });
  const ready = (headers = {}) => fetch(`${server.url}/health/ready`, { headers });
  const stranger = { "x-forwarded-for": "203.0.113.7" };
  try {
    await ready();
    const stopped = server.stop();
    for (let time = 0; time < 5; time += 1) {
      expect((await ready(stranger)).status).toBe(404);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await ready()).status).toBe(404);
    await stopped;
  } finally {
    await server.cleanup();
  }
});

describe("health and metrics without METRICS_TOKEN", () => {
  /** `fetch` does not send a Host of the caller's choosing. */
  async function statusOf(server: TestServer, headers: Record<string, string>): Promise<number> {
    const asked = request({ host: "127.0.0.1", port: server.port, path: "/metrics", headers }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode!;
  }

  test("are open to a program on this machine that asks for localhost, and to no other host name", async () => {
    const server = await startTestServer();
    try {
      for (const host of ["localhost:8000", "127.0.0.1", "[::1]:8000"])
        expect(await statusOf(server, { host }), host).toBe(200);
      for (const host of ["chat.example", "localhost.chat.example", "127.0.0.1.chat.example"])
        expect(await statusOf(server, { host }), host).toBe(403);
    } finally {
      await server.cleanup();
    }
  });

  test.each([{ publicUrl: "https://chat.example" }, { trustedProxies: ["10.0.0.1"] }])(
    "are closed to this machine as well when a setting says that a front stands before it (%o)",
    async (settings) => {
      const server = await startTestServer(settings);
      try {
        expect(await statusOf(server, { host: "localhost" })).toBe(403);
      } finally {
        await server.cleanup();
      }
    },
  );
});
