import { z } from "zod";
import { isoTime } from "./model.ts";
import { monitorRange, monitorScope } from "./monitor.ts";

/** Every series that is watched for departures from what is usual, of the whole instance and of each node. */
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
  "error_rate",
  "latency_p50",
  "latency_p99",
  "sent",
  "bytes_sent",
  "events_per_batch",
  "dropped",
  "slow_closed",
  "reconnections",
  "refused",
  "voice_rtt",
  "voice_jitter",
  "voice_loss",
  "voice_bitrate",
]);

/** A text by language. */
const told = z.object({ en: z.string(), ru: z.string() });

const seriesUnit = z.enum(["count", "perMinute", "bytesPerMinute", "seconds", "bytes", "share", "ratio", "bitrate"]);

/**
 * A series that left its band. Counts are per minute, latencies in seconds, CPU in cores; `worst` is where it was farthest
 * outside.
 */
const departure = z.object({
  series: analysisSeries,
  name: told,
  /** Of the values. */
  unit: seriesUnit,
  /** `rhythm`: what comes every few minutes did not come. */
  kind: z.enum(["spike", "level", "silence", "rhythm", "drift"]),
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
  /** Of a broken rhythm: the minutes after which it should come; null for all else. */
  every_minutes: z.number().nullable().default(null),
  /** Name of the node that departs alone, or else of that with the highest value; null with a single node. */
  node: z.string().nullable(),
  /** Whether only this node departs, from its own habit and from the others; the values are then its own. */
  alone: z.boolean().default(false),
});

/** What changed shortly before an incident began. */
const coincidence = z.object({
  kind: z.enum([
    "restart",
    "deploy",
    "configuration",
    "node_joined",
    "node_gone",
    "circuit_breaker",
    "account",
    "channel",
  ]),
  at: isoTime,
  /** The node, version, names of settings, name of the account, or ids of channel and server. */
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
  /** How often it came back within an hour after it was over. */
  returns: z.number().default(0),
  /** One sentence by language, in which `{{since}}` stands for the time of the start. */
  sentence: told,
});

const forecastQuantity = z.enum(["disk", "memory", "connections", "database", "database_disk"]);

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

/** People at once: the estimate, and the range that holds the true value in four of five cases. */
const peopleRange = z.object({ low: z.number(), expected: z.number(), high: z.number() });
/** What an event loop is busy with. */
const costKind = z.enum(["connections", "arrivals", "commands", "requests", "writes", "deliveries"]);
const capacityResource = z.enum(["event_loop", "cpu", "memory", "connections"]);

/** How many people the instance carries when each of them does what people do today in the busiest hours. */
const capacity = z.object({
  /** Null while too little is known, which `known` tells. */
  people: peopleRange.nullable(),
  /** Hours of load that are known and needed, and the people of the busiest ones and how many are needed. */
  known: z.object({ hours: z.number(), of_hours: z.number(), people: z.number(), of_people: z.number() }),
  /** Living nodes, which share the people evenly. */
  nodes: z.number(),
  /** What is used up first, and which event takes most of it; null for memory and connections. */
  first: z.object({ resource: capacityResource, kind: costKind.nullable() }).nullable(),
  /** By resource of one node: in use in the busiest hours, the limit, and the people of the instance that reach it. */
  limits: z.array(
    z.object({
      resource: capacityResource,
      /** Busy share of the event loop, cores, bytes, or connections. */
      used: z.number(),
      limit: z.number(),
      people: peopleRange,
    }),
  ),
  /** What one event takes of the event loop in seconds, how many a person makes in a minute, and its share at the limit. */
  costs: z.array(z.object({ kind: costKind, seconds: z.number(), per_person_minute: z.number(), share: z.number() })),
  /** Bytes; null while too little is known. */
  memory_per_connection: z.number().nullable(),
  /** One sentence by language. */
  sentence: told,
});

/** A week of the instance. Times in the text are in UTC. */
export const weekSummary = z.object({
  from: isoTime,
  until: isoTime,
  /** Accounts that were there, and most people at once. */
  accounts: z.number(),
  most_people: z.number(),
  most_people_at: isoTime,
  messages: z.number(),
  /** Minutes that people spent in calls, and most people in calls at once. */
  call_minutes: z.number(),
  most_in_calls: z.number(),
  /** Those that were told, without those that an administrator called wrong. */
  incidents: z.number(),
  incident_minutes: z.number(),
  longest: monitorIncident.pick({ id: true, started_at: true, sentence: true }).nullable(),
  /** What runs out first; null when nothing does within sixty days, or `forecasts_known` is false. */
  nearest: forecast.nullable(),
  forecasts_known: z.boolean(),
  /** Some lines by language. */
  text: told,
});

/** Body of `GET /api/monitor/incidents`. */
export const monitorIncidents = z.object({
  /** When enough is known to tell what is usual; null before the first minute. */
  learned_at: isoTime.nullable(),
  /** Latest first. */
  incidents: z.array(monitorIncident),
  forecasts: z.array(forecast),
  /** Null before the first minute. */
  capacity: capacity.nullable(),
  /** The summary of the week that ended last; null before the first. */
  week: weekSummary.nullable(),
});

/** Body of `PUT /api/monitor/incidents/:id`. */
export const judgeIncident = z.object({ verdict: incidentVerdict });

/** Query of `GET /api/monitor/bands`. */
export const monitorBandsQuery = z.object({ range: monitorRange.default("1h"), of: monitorScope.default("node") });

/**
 * Body of `GET /api/monitor/bands`: what is usual for each series of the whole instance, or of any one of its nodes; empty
 * while too little is known.
 */
export const monitorBands = z.object({
  series: z.partialRecord(analysisSeries, z.array(z.object({ at: z.number(), low: z.number(), high: z.number() }))),
});

export type AnalysisSeries = z.infer<typeof analysisSeries>;
export type SeriesUnit = z.infer<typeof seriesUnit>;
export type MonitorIncident = z.infer<typeof monitorIncident>;
export type Forecast = z.infer<typeof forecast>;
export type ForecastQuantity = z.infer<typeof forecastQuantity>;
export type Capacity = z.infer<typeof capacity>;
export type WeekSummary = z.infer<typeof weekSummary>;
export type CapacityResource = z.infer<typeof capacityResource>;
export type CostKind = z.infer<typeof costKind>;
export type PeopleRange = z.infer<typeof peopleRange>;
export type MonitorIncidents = z.infer<typeof monitorIncidents>;
export type MonitorBands = z.infer<typeof monitorBands>;
export type IncidentVerdict = z.infer<typeof incidentVerdict>;
