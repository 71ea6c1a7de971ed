import type { MonitorSample } from "@miscord/protocol";
import { dependencyMetrics } from "../dependency-metrics.ts";
import type { MetricsSources } from "../metrics.ts";

type Measured = Omit<MonitorSample, "at" | "seconds" | "latency_p50" | "latency_p95" | "latency_p99">;

/** Figures that are measured at one moment. All others are counters, of which a sample holds the difference. */
const ofTheMoment = {
  sockets: true,
  main_connections: true,
  people: true,
  voice_connections: true,
  legacy_connections: true,
  active_channels: true,
  voice_rooms: true,
  voice_participants: true,
  voice_bitrate: true,
  voice_rtt: true,
  voice_jitter: true,
  voice_loss: true,
  memory_bytes: true,
  memory_percent: true,
  cpu_percent: true,
  loop_busy: true,
  event_loop_lag_p99: true,
  breaker_open: true,
  database_latency: true,
  bus_latency: true,
} as const satisfies Partial<Record<keyof Measured, true>>;

export type Reading = Readonly<Measured>;

/** Reads all figures and counters. */
export function takeReading(sources: MetricsSources): Reading {
  return {
    ...connections(sources),
    ...load(sources),
    ...voice(sources),
    ...traffic(sources),
    ...refusals(sources),
    ...latencies(sources),
  };
}

/** The figures of a sample between two readings. */
export function difference(before: Reading, after: Reading): Reading {
  const figures = Object.entries(after).map(([name, value]) => {
    if (name in ofTheMoment || value === null) return [name, value];
    return [name, value - (before[name as keyof Reading] ?? 0)];
  });
  return Object.fromEntries(figures) as Reading;
}

function connections({ stats, sessions, channels, voice }: MetricsSources) {
  return {
    sockets: stats.connections,
    main_connections: sessions.count,
    people: sessions.userCount,
    voice_connections: voice().total_connections,
    legacy_connections: stats.legacyConnections,
    active_channels: channels.channelCount,
  };
}

function load({ system, breaker }: MetricsSources) {
  return {
    memory_bytes: system.memoryBytes,
    memory_percent: rounded(system.memoryPercent, 1),
    cpu_percent: rounded(system.cpuPercent, 1),
    loop_busy: rounded(system.loopBusy, 4),
    event_loop_lag_p99: rounded(system.eventLoopLagP99, 4),
    breaker_open: breaker.state === "closed" ? 0 : 1,
  };
}

function voice({ voice, voiceQuality }: MetricsSources) {
  const { active_channels, bitrate } = voice();
  const { participants, rttMs, jitterMs, loss } = voiceQuality();
  return {
    voice_rooms: active_channels,
    voice_participants: participants,
    voice_bitrate: bitrate,
    voice_rtt: rttMs === null ? null : rounded(rttMs / 1_000, 4),
    voice_jitter: jitterMs === null ? null : rounded(jitterMs / 1_000, 4),
    voice_loss: loss === null ? null : rounded(loss, 4),
  };
}

function traffic({ stats, http }: MetricsSources) {
  const { delivery } = stats;
  return {
    messages_received: stats.messagesReceived,
    messages_sent: delivery.eventsSent,
    bytes_received: stats.bytesReceived,
    bytes_sent: delivery.bytesSent,
    frames_sent: delivery.framesSent,
    batches_sent: delivery.batchesSent,
    events_batched: delivery.eventsBatched,
    dropped_low_priority: delivery.droppedLowPriority,
    slow_consumers_closed: delivery.slowConsumersClosed,
    connection_errors: stats.connectionErrors,
    arrivals: stats.arrivals,
    reconnections: stats.reconnections,
    requests: http.requests,
    failures: stats.failures + http.failures,
  };
}

function refusals({ security: { totals } }: MetricsSources) {
  return {
    auth_failures: totals.auth_failure,
    rate_limited: totals.rate_limited,
    forbidden: totals.forbidden,
    malformed: totals.malformed,
    token_reuse: totals.token_reuse,
  };
}

function latencies(sources: MetricsSources) {
  const { bus, database } = dependencyMetrics(sources);
  return { database_latency: database.latency, bus_latency: bus?.latency ?? null };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
