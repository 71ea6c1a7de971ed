import { z } from "zod";
import { isoTime } from "./model.ts";

const count = z.number().int().nonnegative();
export const breakerState = z.enum(["closed", "open", "half_open"]);

/** What joins the nodes of an instance, as one node sees it. */
const busFigures = z.object({
  /** Of a round trip in seconds; null without a connection. */
  latency: z.number().nullable(),
  reconnections: count,
  /** Times that messages of other nodes may have been missed, so that the node and its clients read what they hold anew. */
  resyncs: count,
});

/** The database, as one node sees it. */
const databaseFigures = z.object({
  /** Of a small query in seconds; null when the latest failed. */
  latency: z.number().nullable(),
  /** Connections of the node besides that of its log, and what waits for one; null where there is no pool. */
  pool: z.object({ in_use: count, idle: count, waiting: count }).nullable(),
  /** Null without replication to see: on SQLite, or when the database does not show it to this role. */
  replication: z.object({ standbys: count, is_synchronous: z.boolean() }).nullable(),
});

/**
 * `GET /metrics` as JSON. Latencies and lag are in seconds, sizes in bytes; counters count since the start of the
 * process.
 */
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
    /** Bits per second that each voice sender may use at present. */
    bitrate: count,
  }),
  security: z.object({
    /** Includes reused refresh tokens. */
    auth_failures: count,
    rate_limited: count,
    forbidden: count,
    malformed: count,
    /** Addresses with suspiciously many refusals within the last minute. */
    suspicious_clients: count,
  }),
  system: z.object({
    version: z.string(),
    uptime: count,
    cpu_percent: z.number(),
    memory_bytes: count,
    event_loop_lag_p99: z.number(),
  }),
  /** Null in a process that has no others beside it, with neither workers nor Redis. */
  bus: busFigures.nullable(),
  database: databaseFigures,
});

/** Figures of one interval of some seconds. Null where there was nothing to measure. */
export const monitorSample = z.object({
  /** End of the interval, in seconds since the epoch. */
  at: z.number(),
  /** Length of the interval in seconds. */
  seconds: z.number().positive(),

  // Highest values within the interval.
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
  /** 1 when the circuit breaker was not closed. */
  breaker_open: z.number(),

  // Numbers of occurrences within the interval.
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
  /** Commands and requests that failed with an error of the server. */
  failures: count,
  auth_failures: count,
  rate_limited: count,
  forbidden: count,
  malformed: count,
  token_reuse: count,

  /** Seconds from the arrival of a message until its last delivery was handed to a socket. */
  latency_p50: z.number().nullable(),
  latency_p95: z.number().nullable(),
  latency_p99: z.number().nullable(),

  /** Bits per second that each voice sender was allowed. */
  voice_bitrate: count,
  /** Means of the latest reports of clients in calls: round trip and jitter in seconds, loss from 0 to 1. */
  voice_rtt: z.number().nullable(),
  voice_jitter: z.number().nullable(),
  voice_loss: z.number().nullable(),
});

export const monitorAlert = z.object({
  id: z.string(),
  name: z.enum(["latency", "event_loop_lag", "memory", "connections", "error_rate", "circuit_breaker"]),
  /** The value when the alert was raised, and the threshold that it crossed. */
  value: z.number(),
  threshold: z.number(),
  raised_at: isoTime,
  cleared_at: isoTime.nullable(),
});

export const breakerChange = z.object({ state: breakerState, at: isoTime });

const securityEvent = z.enum(["auth_failure", "rate_limited", "forbidden", "malformed", "token_reuse"]);

/** Refusals for security reasons, for one client address. */
export const securityRecord = z.object({
  /** For IPv6 the /64 network, since one customer usually controls all of it. */
  address: z.string(),
  first_at: isoTime,
  last_at: isoTime,
  counts: z.partialRecord(securityEvent, count),
  is_suspicious: z.boolean(),
});

/** One node of the instance, as it reported itself within the last few seconds. */
export const monitorNode = z.object({
  id: z.string(),
  /** The operator's name for it. */
  name: z.string(),
  host: z.string(),
  pid: count,
  version: z.string(),
  /** The start of the node. */
  since: isoTime,
  /** Open sockets. */
  connections: count,
  /** Users with a connection. */
  people: count,
  /** Commands of clients. */
  messages_per_second: z.number(),
  /** Of one core. */
  cpu_percent: z.number(),
  /** Seconds. */
  event_loop_lag_p99: z.number(),
  bus: busFigures.nullable(),
  database: databaseFigures,
});

/** Body of `GET /api/monitor`. Everything but `nodes` is of the node that answers. */
export const monitorOverview = z.object({
  at: isoTime,
  /** The node that answers. */
  node: z.string(),
  /** All living nodes, in the order of their start. */
  nodes: z.array(monitorNode),
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

/** Body of `GET /api/monitor/history`: the samples of the node that answers. */
export const monitorHistory = z.object({ node: z.string(), samples: z.array(monitorSample) });

/** Query of `GET /api/monitor/history`. */
export const monitorHistoryQuery = z.object({
  range: monitorRange.default("1h"),
  /** Only samples that ended later than this, in seconds since the epoch. */
  after: z.coerce.number().nonnegative().optional(),
});

/** Every series that is watched for departures from what is usual; of the whole instance. */
export const analysisSeries = z.enum([
  "connections",
  "received",
  "requests",
  "bytes_received",
  "voice_participants",
  "logins_refused",
  "rate_limited",
  "malformed",
  "database_latency",
  "bus_latency",
  "cpu",
  "memory",
  "lag",
  "failures",
  "latency_p50",
  "latency_p99",
  "sent",
  "bytes_sent",
  "dropped",
  "slow_closed",
  "reconnections",
  "refused",
  "voice_rtt",
  "voice_jitter",
  "voice_loss",
]);

/**
 * A series that left its band. Counts are per minute, latencies in seconds, CPU in cores; `worst` is where it was farthest
 * outside.
 */
const departure = z.object({
  series: analysisSeries,
  kind: z.enum(["spike", "level", "silence", "drift"]),
  direction: z.enum(["above", "below"]),
  since: isoTime,
  value: z.number(),
  expected: z.number(),
  worst: z.object({
    value: z.number(),
    expected: z.number(),
    /** Distance from what is usual, in spreads; the band is four of them wide on each side. */
    spreads: z.number(),
  }),
  /** From 0 to 1. */
  sure: z.number(),
  /** Name of the node with the highest value; null with a single node. */
  node: z.string().nullable(),
});

/** What changed shortly before an incident began. */
const coincidence = z.object({
  kind: z.enum(["restart", "deploy", "configuration", "node_joined", "node_gone", "circuit_breaker"]),
  at: isoTime,
  /** The node, version, or names of settings. */
  detail: z.string(),
});

export const incidentVerdict = z.enum(["expected", "wrong"]);

/** Series that left their bands together. */
export const monitorIncident = z.object({
  id: z.string(),
  started_at: isoTime,
  ended_at: isoTime.nullable(),
  /** The earliest first: it is named as the beginning. */
  departures: z.array(departure),
  coincidences: z.array(coincidence),
  /** What an administrator said of it. */
  verdict: incidentVerdict.nullable(),
  /** One sentence by language, in which `{{since}}` stands for the time of the start. */
  sentence: z.object({ en: z.string(), ru: z.string() }),
});

const forecastQuantity = z.enum(["disk", "memory", "connections", "database"]);

/** How much of something that can run out is used. The bands hold the true value in four of five cases. */
const forecast = z.object({
  quantity: forecastQuantity,
  /** At present; bytes, or connections. */
  value: z.number(),
  limit: z.number().nullable(),
  /** The day's peak in thirty days; null while fewer than ten days are known. */
  in_30_days: z.object({ low: z.number(), expected: z.number(), high: z.number() }).nullable(),
  /** The first day on which the band reaches the limit, and the first on which it lies above it; null beyond sixty days. */
  full_from: isoTime.nullable(),
  full_until: isoTime.nullable(),
});

/** Body of `GET /api/monitor/incidents`. */
export const monitorIncidents = z.object({
  /** When enough is known to tell what is usual; null before the first minute. */
  learned_at: isoTime.nullable(),
  /** Latest first. */
  incidents: z.array(monitorIncident),
  forecasts: z.array(forecast),
});

/** Body of `PUT /api/monitor/incidents/:id`. */
export const judgeIncident = z.object({ verdict: incidentVerdict });

/** Query of `GET /api/monitor/bands`. */
export const monitorBandsQuery = z.object({ range: monitorRange.default("1h") });

/** Body of `GET /api/monitor/bands`: what is usual for each series; empty while too little is known, and with several nodes. */
export const monitorBands = z.object({
  series: z.partialRecord(analysisSeries, z.array(z.object({ at: z.number(), low: z.number(), high: z.number() }))),
});

export type AnalysisSeries = z.infer<typeof analysisSeries>;
export type MonitorIncident = z.infer<typeof monitorIncident>;
export type Forecast = z.infer<typeof forecast>;
export type ForecastQuantity = z.infer<typeof forecastQuantity>;
export type MonitorIncidents = z.infer<typeof monitorIncidents>;
export type MonitorBands = z.infer<typeof monitorBands>;
export type IncidentVerdict = z.infer<typeof incidentVerdict>;
export type BreakerState = z.infer<typeof breakerState>;
export type ServerMetrics = z.infer<typeof metrics>;
export type MonitorSample = z.infer<typeof monitorSample>;
export type MonitorAlert = z.infer<typeof monitorAlert>;
export type BreakerChange = z.infer<typeof breakerChange>;
export type SecurityEvent = z.infer<typeof securityEvent>;
export type SecurityRecord = z.infer<typeof securityRecord>;
export type MonitorNode = z.infer<typeof monitorNode>;
export type MonitorHistory = z.infer<typeof monitorHistory>;
export type MonitorOverview = z.infer<typeof monitorOverview>;
export type MonitorRange = z.infer<typeof monitorRange>;
