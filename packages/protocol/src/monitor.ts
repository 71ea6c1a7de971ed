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
  /** Users with a connection to this node. */
  people: count.default(0),
  active_channels: count,
  voice_rooms: count,
  voice_participants: count,
  memory_bytes: count,
  memory_percent: z.number(),
  cpu_percent: z.number(),
  /** Share of the time in which the event loop was not idle; 0 where it was not measured. */
  loop_busy: z.number().default(0),
  /** Seconds. */
  event_loop_lag_p99: z.number(),
  /** 1 when the circuit breaker was not closed. */
  breaker_open: z.number(),

  // Numbers of occurrences within the interval.
  messages_received: count,
  messages_sent: count,
  bytes_received: count,
  bytes_sent: count,
  /** Writes to sockets. */
  frames_sent: count.default(0),
  batches_sent: count,
  events_batched: count,
  dropped_low_priority: count,
  slow_consumers_closed: count,
  connection_errors: count,
  /** Connections that were accepted. */
  arrivals: count.default(0),
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

  /** Seconds that the database took for a small query, and the bus for a round trip. */
  database_latency: z.number().nullable().default(null),
  bus_latency: z.number().nullable().default(null),
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

/** Why a voice node was not let in: `connected`: another one with its token was there. */
const regionRefusal = z.enum(["connected", "version", "mesh", "own_name", "unready", "malformed"]);

/** A region of calls, as one node knows it. */
const regionAtNode = z.object({
  name: z.string(),
  is_own: z.boolean(),
  /** Whether calls can be forwarded there. */
  is_up: z.boolean(),
  /** Of the calls whose home is the node. */
  calls: count,
  participants: count,
  /** Null unless the node has the link of its voice node. */
  link: z
    .object({
      version: z.string().nullable(),
      since: isoTime,
      seen_at: isoTime,
      /** Seconds from the node to the voice node and back. */
      round_trip: z.number().nullable(),
      connections: count,
    })
    .nullable(),
});

/** A region of calls, as all nodes together know it. */
export const monitorRegion = regionAtNode.omit({ is_up: true }).extend({
  /** `refused`: it was not let in when it, or another voice node with its token, last came. */
  state: z.enum(["up", "away", "refused"]),
  /** Id of the node that has its link. */
  node: z.string().nullable(),
  /** What its voice node runs, or ran. */
  version: z.string().nullable(),
  /** When it was last connected; null: never, or it is the instance's own. */
  last_seen_at: isoTime.nullable(),
  /** The latest refusal, also of another voice node while this one is connected. */
  refusal: z.object({ at: isoTime, why: regionRefusal }).nullable(),
  /** When a call last left it, since its participants had no connection there. */
  given_up_at: isoTime.nullable(),
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
  /** Absent of older nodes. */
  voice_regions: z.array(regionAtNode).optional(),
});

/** Body of `GET /api/monitor`. Everything but `nodes` and `regions` is of the node that answers. */
export const monitorOverview = z.object({
  at: isoTime,
  /** The node that answers. */
  node: z.string(),
  /** All living nodes, in the order of their start. */
  nodes: z.array(monitorNode),
  /** Where calls can be forwarded, the instance's own first; empty without voice nodes, absent on older nodes. */
  regions: z.array(monitorRegion).optional(),
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
/** What figures are of: the node that answers, or all nodes together. */
export const monitorScope = z.enum(["node", "instance"]);

/**
 * Body of `GET /api/monitor/history`: the samples of the node that answers, or of all nodes together as it knows them: by
 * the minute, counts added up, and of load, latency and quality the highest.
 */
export const monitorHistory = z.object({ node: z.string(), samples: z.array(monitorSample) });

/** Query of `GET /api/monitor/history`. */
export const monitorHistoryQuery = z.object({
  range: monitorRange.default("1h"),
  of: monitorScope.default("node"),
  /** Only samples that ended later than this, in seconds since the epoch. */
  after: z.coerce.number().nonnegative().optional(),
});

export type BreakerState = z.infer<typeof breakerState>;
export type ServerMetrics = z.infer<typeof metrics>;
export type MonitorSample = z.infer<typeof monitorSample>;
export type MonitorAlert = z.infer<typeof monitorAlert>;
export type BreakerChange = z.infer<typeof breakerChange>;
export type SecurityEvent = z.infer<typeof securityEvent>;
export type SecurityRecord = z.infer<typeof securityRecord>;
export type MonitorNode = z.infer<typeof monitorNode>;
export type RegionRefusal = z.infer<typeof regionRefusal>;
export type MonitorRegion = z.infer<typeof monitorRegion>;
export type MonitorHistory = z.infer<typeof monitorHistory>;
export type MonitorHistoryQuery = z.infer<typeof monitorHistoryQuery>;
export type MonitorOverview = z.infer<typeof monitorOverview>;
export type MonitorScope = z.infer<typeof monitorScope>;
export type MonitorRange = z.infer<typeof monitorRange>;
