import type { BreakerState, ServerMetrics } from "@miscord/protocol";
import type { GatewayStats } from "../gateway/stats.ts";
import { dependencyMetrics, type DependencySources } from "./dependency-metrics.ts";
import type { LatencyWindow } from "./latency-window.ts";
import type { SearchLag } from "./search-lag.ts";
import type { SecurityEvents } from "./security-events.ts";
import type { SystemFigures } from "./system-sampler.ts";
import type { VoiceMetrics, VoiceQuality } from "./voice-metrics.ts";

/** Counters of the HTTP API. */
export interface HttpStats {
  requests: number;
  /** Requests that failed with an internal error. */
  failures: number;
}

export function createHttpStats(): HttpStats {
  return { requests: 0, failures: 0 };
}

export interface MetricsSources extends DependencySources {
  readonly version: string;
  /** `count`: living nodes of the instance, this one included. */
  readonly node: { readonly name: string; readonly count: () => number };
  readonly stats: GatewayStats;
  readonly latency: LatencyWindow;
  readonly security: Pick<SecurityEvents, "totals" | "suspiciousClients">;
  readonly system: SystemFigures;
  readonly breaker: { readonly state: BreakerState };
  readonly sessions: { readonly count: number; readonly peak: number; readonly userCount: number };
  readonly channels: { readonly channelCount: number };
  readonly voice: () => VoiceMetrics;
  readonly voiceQuality: () => VoiceQuality;
  readonly http: HttpStats;
  readonly search: SearchLag;
  /** Most WebSocket connections of this node. */
  readonly maxConnections: number;
}

/** `/metrics` as JSON. */
export function readMetrics(sources: MetricsSources): ServerMetrics {
  const { security, system } = sources;
  return {
    main_websocket: mainMetrics(sources),
    voice_websocket: sources.voice(),
    security: {
      auth_failures: security.totals.auth_failure + security.totals.token_reuse,
      rate_limited: security.totals.rate_limited,
      forbidden: security.totals.forbidden,
      malformed: security.totals.malformed,
      suspicious_clients: security.suspiciousClients,
    },
    system: {
      version: sources.version,
      uptime: system.uptimeSeconds,
      cpu_percent: rounded(system.cpuPercent, 1),
      memory_bytes: system.memoryBytes,
      event_loop_lag_p99: rounded(system.eventLoopLagP99, 4),
    },
    ...dependencyMetrics(sources),
  };
}

function mainMetrics({ stats, latency, breaker, sessions, channels }: MetricsSources): ServerMetrics["main_websocket"] {
  const { delivery } = stats;
  const { average, p50, p95, p99 } = latency.summary();
  return {
    total_connections: sessions.count,
    active_channels: channels.channelCount,
    messages_sent: delivery.eventsSent,
    messages_received: stats.messagesReceived,
    bytes_sent: delivery.bytesSent,
    bytes_received: stats.bytesReceived,
    average_latency: rounded(average, 5),
    latency_p50: rounded(p50, 5),
    latency_p95: rounded(p95, 5),
    latency_p99: rounded(p99, 5),
    peak_connections: sessions.peak,
    connection_errors: stats.connectionErrors,
    batches_sent: delivery.batchesSent,
    events_per_batch: rounded(delivery.eventsBatched / Math.max(1, delivery.batchesSent), 2),
    dropped_low_priority: delivery.droppedLowPriority,
    slow_consumers_closed: delivery.slowConsumersClosed,
    circuit_breaker: breaker.state,
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
