import { z } from "zod";
import { isoTime } from "./model.ts";

const count = z.number().int().nonnegative();
export const breakerState = z.enum(["closed", "open", "half_open"]);

/** `GET /metrics` as JSON. Latencies and lag in seconds; what only rises counts since the start. */
export const metrics = z.object({
  main_websocket: z.object({
    total_connections: count,
    active_channels: count,
    messages_sent: count,
    messages_received: count,
    bytes_sent: count,
    bytes_received: count,
    average_latency: z.number(),
    latency_p50: z.number(),
    latency_p95: z.number(),
    latency_p99: z.number(),
    peak_connections: count,
    connection_errors: count,
    batches_sent: count,
    events_per_batch: z.number(),
    dropped_low_priority: count,
    slow_consumers_closed: count,
    circuit_breaker: breakerState,
  }),
  voice_websocket: z.object({
    total_connections: count,
    active_channels: count,
    webrtc_offers: count,
    webrtc_answers: count,
    ice_candidates: count,
    /** Bits per second that each sender is allowed at the moment. */
    bitrate: count,
  }),
  security: z.object({
    /** Spent refresh tokens that came again are among them. */
    auth_failures: count,
    rate_limited: count,
    forbidden: count,
    malformed: count,
    /** Addresses that stand out within the last minute. */
    suspicious_clients: count,
  }),
  system: z.object({
    version: z.string(),
    uptime: count,
    cpu_percent: z.number(),
    memory_bytes: count,
    event_loop_lag_p99: z.number(),
  }),
});

/** What happened within some seconds. Null where there was nothing to measure. */
export const monitorSample = z.object({
  /** When it ended, seconds since the epoch. */
  at: z.number(),
  /** How long it is. */
  seconds: z.number().positive(),

  // Most at once.
  sockets: count,
  main_connections: count,
  voice_connections: count,
  legacy_connections: count,
  active_channels: count,
  voice_rooms: count,
  voice_participants: count,
  memory_bytes: count,
  memory_percent: z.number(),
  cpu_percent: z.number(),
  /** Seconds. */
  event_loop_lag_p99: z.number(),
  /** 1 when the breaker was not closed. */
  breaker_open: z.number(),

  // How many.
  messages_received: count,
  messages_sent: count,
  bytes_received: count,
  bytes_sent: count,
  batches_sent: count,
  events_batched: count,
  dropped_low_priority: count,
  slow_consumers_closed: count,
  connection_errors: count,
  reconnections: count,
  requests: count,
  /** Commands and requests that failed by the server's fault. */
  failures: count,
  auth_failures: count,
  rate_limited: count,
  forbidden: count,
  malformed: count,
  token_reuse: count,

  /** Seconds from a message's arrival to the hand-over of its last delivery. */
  latency_p50: z.number().nullable(),
  latency_p95: z.number().nullable(),
  latency_p99: z.number().nullable(),

  /** Bits per second that each sender was allowed. */
  voice_bitrate: count,
  /** Means of what clients in calls last reported; seconds and shares. */
  voice_rtt: z.number().nullable(),
  voice_jitter: z.number().nullable(),
  voice_loss: z.number().nullable(),
});

export const monitorAlert = z.object({
  id: z.string(),
  name: z.enum(["latency", "event_loop_lag", "memory", "connections", "error_rate", "circuit_breaker"]),
  /** What the figure was when the alert was raised, and the threshold that it crossed. */
  value: z.number(),
  threshold: z.number(),
  raised_at: isoTime,
  cleared_at: isoTime.nullable(),
});

export const breakerChange = z.object({ state: breakerState, at: isoTime });

const securityEvent = z.enum(["auth_failure", "rate_limited", "forbidden", "malformed", "token_reuse"]);

/** What came from one address that was refused for reasons of security. */
export const securityRecord = z.object({
  /** Of IPv6 the network: a customer has a whole /64 to write from. */
  address: z.string(),
  first_at: isoTime,
  last_at: isoTime,
  counts: z.partialRecord(securityEvent, count),
  is_suspicious: z.boolean(),
});

/** `GET /api/monitor` */
export const monitorOverview = z.object({
  at: isoTime,
  started_at: isoTime,
  status: z.enum(["healthy", "unhealthy"]),
  checks: z.record(z.string(), z.string()),
  connection_limit: count,
  metrics,
  alerts: z.array(monitorAlert),
  breaker_changes: z.array(breakerChange),
  security: z.array(securityRecord),
});

export const monitorRange = z.enum(["15m", "1h", "24h"]);

/** `GET /api/monitor/history` */
export const monitorHistoryQuery = z.object({
  range: monitorRange.default("1h"),
  /** Only samples that ended later; seconds since the epoch. */
  after: z.coerce.number().nonnegative().optional(),
});

export type BreakerState = z.infer<typeof breakerState>;
export type ServerMetrics = z.infer<typeof metrics>;
export type MonitorSample = z.infer<typeof monitorSample>;
export type MonitorAlert = z.infer<typeof monitorAlert>;
export type BreakerChange = z.infer<typeof breakerChange>;
export type SecurityEvent = z.infer<typeof securityEvent>;
export type SecurityRecord = z.infer<typeof securityRecord>;
export type MonitorOverview = z.infer<typeof monitorOverview>;
export type MonitorRange = z.infer<typeof monitorRange>;
