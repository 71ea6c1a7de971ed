import { notForwarding } from "../voice-metrics.ts";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryBus } from "../../bus/memory.ts";
import { createGatewayStats } from "../../gateway/stats.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { CircuitBreaker } from "../../resilience/circuit-breaker.ts";
import { LatencyWindow } from "../latency-window.ts";
import { createHttpStats, type MetricsSources } from "../metrics.ts";
import { SecurityEvents } from "../security-events.ts";
import { Journal } from "./journal.ts";
import { Recorder } from "./recorder.ts";

const noVoice = { total_connections: 0, active_channels: 0, webrtc_offers: 0, webrtc_answers: 0, ice_candidates: 0 };
const noQuality = {
  participants: 0,
  reports: 0,
  rttMs: null,
  jitterMs: null,
  loss: null,
  bitrate: null,
  forwarding: notForwarding,
};

let folder: string;
let file: string;
let clock: ManualClock;
let lines: string[];
let errors: unknown[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "miscord-history-"));
  file = join(folder, "monitor.jsonl");
  clock = new ManualClock();
  lines = [];
  errors = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the monitoring of one process. */
async function start() {
  const stats = createGatewayStats();
  const latency = new LatencyWindow();
  const security = new SecurityEvents({ clock, report: () => {} });
  const breaker = new CircuitBreaker({
    settings: { failureThreshold: 1, failureWindowMs: 60_000, recoveryTimeoutMs: 120_000 },
    clock,
    probe: () => Promise.resolve(),
  });
  const system = {
    uptimeSeconds: 1,
    memoryBytes: 1,
    memoryPercent: 5,
    cpuPercent: 1,
    loopBusy: 0.01,
    eventLoopLagP99: 0,
  };
  const sources: MetricsSources = {
    version: "test",
    bus: new MemoryBus(),
    resync: { count: 0 },
    store: { stats: () => ({ latencyMs: 0.25, pool: null, replication: null }) },
    node: { name: "n1", count: () => 1 },
    stats,
    latency,
    security,
    system,
    breaker,
    sessions: { count: 0, peak: 0, userCount: 0 },
    channels: { channelCount: 0 },
    voice: () => ({ ...noVoice, bitrate: 64_000 }),
    voiceQuality: () => noQuality,
    http: createHttpStats(),
    maxConnections: 100,
    search: { lag: 0, remaining: 0 },
  };
  const recorder = await Recorder.open({
    sources,
    clock,
    logger: pino({ level: "info" }, { write: (line) => lines.push(line) }),
    breaker,
    security,
    latency,
    journal: new Journal(file, (error) => errors.push(error)),
  });
  const now = () => clock.now() / 1_000;
  return { recorder, stats, latency, security, breaker, system, now };
}

describe("the recorder", () => {
  test("records what happened in each five seconds", async () => {
    const { recorder, stats, latency, now } = await start();
    stats.delivery.eventsSent = 7;
    latency.observe(20);
    clock.advance(5_000);
    stats.delivery.eventsSent = 10;
    clock.advance(5_000);
    expect(recorder.history.samples("15m", now())).toMatchObject([
      { seconds: 5, messages_sent: 7, latency_p99: expect.closeTo(0.02, 2) },
      { seconds: 5, messages_sent: 3, latency_p99: null },
    ]);
    await recorder.stop();
  });

  test("has the same sums by minute, by sample and in the counters", async () => {
    const { recorder, stats, now } = await start();
    for (let i = 0; i < 120; i += 1) {
      stats.delivery.eventsSent += i;
      clock.advance(5_000);
    }
    const sum = (range: "1h" | "24h") =>
      recorder.history.samples(range, now()).reduce((total, sample) => total + sample.messages_sent, 0);
    expect(recorder.history.samples("24h", now())).toHaveLength(10);
    expect([sum("1h"), sum("24h")]).toEqual([stats.delivery.eventsSent, stats.delivery.eventsSent]);
    await recorder.stop();
  });

  test("gives a sample after a sleep of the machine its real duration", async () => {
    const { recorder, now } = await start();
    clock.leap(3_600_000);
    expect(recorder.history.samples("24h", now())).toEqual([]);
    expect(recorder.history.samples("1h", now())).toMatchObject([{ seconds: 3_600 }]);
    await recorder.stop();
  });

  test("logs alerts, with the figure and the threshold", async () => {
    const { recorder, system } = await start();
    system.memoryPercent = 90;
    clock.advance(15_000);
    system.memoryPercent = 5;
    clock.advance(30_000);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: "alert raised", alert: "memory", value: 0.9, threshold: 0.85 },
      { msg: "alert cleared", alert: "memory" },
    ]);
    await recorder.stop();
  });
});

describe("the recorder after a restart", () => {
  async function eventfulDay() {
    const process = await start();
    process.stats.delivery.eventsSent = 5;
    process.security.record("auth_failure", "2001:db8:1:2::7");
    await process.breaker.watch(() => Promise.reject(new Error("disk full"))).catch(() => {});
    clock.advance(90_000);
    // The process ends: no probe runs any more.
    process.breaker.stop();
    await process.recorder.stop();
    return process;
  }

  test("keeps the last day with the unfinished minute, and a gap for the downtime", async () => {
    const { now, recorder } = await eventfulDay();
    expect(recorder.history.samples("24h", now())).toHaveLength(2);
    clock.advance(600_000);
    const next = await start();
    clock.advance(60_000);
    const samples = next.recorder.history.samples("24h", next.now());
    expect(samples.map(({ seconds, messages_sent: sent }) => [seconds, sent])).toEqual([
      [60, 5],
      [30, 0],
      [60, 0],
    ]);
    expect(samples[2]!.at - samples[2]!.seconds - samples[1]!.at).toBe(600);
    await next.recorder.stop();
  });

  test("has cleared old alerts and breaker states and keeps the addresses", async () => {
    const { now } = await eventfulDay();
    const stoppedAt = new Date(now() * 1_000).toISOString();
    clock.advance(600_000);
    const { recorder } = await start();
    expect(recorder.alerts.all).toMatchObject([{ name: "circuit_breaker", cleared_at: stoppedAt }]);
    expect(recorder.breakerChanges.map(({ state }) => state)).toEqual(["open", "closed"]);
    expect(recorder.securityRecords()).toMatchObject([
      { address: "2001:db8:1:2::/64", counts: { auth_failure: 1 }, is_suspicious: false },
    ]);
    await recorder.stop();
  });

  test("keeps nothing that is older than a day", async () => {
    await eventfulDay();
    clock.advance(25 * 3_600_000);
    const { recorder, now } = await start();
    expect(recorder.history.samples("24h", now())).toEqual([]);
    expect(recorder.alerts.all).toEqual([]);
    expect(recorder.breakerChanges).toEqual([]);
    expect(recorder.securityRecords()).toEqual([]);
    await recorder.stop();
    expect(readFileSync(file, "utf8")).toBe("");
  });

  test("skips incomplete and foreign lines of the journal", async () => {
    await eventfulDay();
    const whole = readFileSync(file, "utf8");
    appendFileSync(file, `not json\n{"kind":"minute","value":{"at":"x"}}\n${whole.slice(0, 40)}`);
    const { recorder, now } = await start();
    expect(recorder.history.samples("24h", now())).toHaveLength(2);
    await recorder.stop();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind).toSorted()).toEqual([
      "alert",
      "breaker",
      "breaker",
      "minute",
      "minute",
      "security",
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("logs a journal that cannot be written once a minute and keeps running", async () => {
    writeFileSync(join(folder, "in-the-way"), "");
    file = join(folder, "in-the-way", "monitor.jsonl");
    const { recorder, now } = await start();
    clock.advance(60_000);
    expect(recorder.history.samples("24h", now())).toHaveLength(1);
    await recorder.stop();
    expect(errors.length).toBeGreaterThan(0);
  });
});

test("the journal file does not grow without bounds", async () => {
  const { recorder, security } = await start();
  for (let minute = 0; minute < 300; minute += 1) {
    for (let i = 0; i < 40; i += 1) security.record("auth_failure", `192.0.2.${i}`);
    clock.advance(60_000);
  }
  await recorder.stop();
  expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(6_000);
  const { recorder: next, now } = await start();
  expect(next.history.samples("24h", now())).toHaveLength(300);
  expect(next.securityRecords()).toHaveLength(40);
  await next.stop();
});
