import { z } from "zod";
import { isoTime } from "./model.ts";
import { monitorRange } from "./monitor.ts";

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

/** A text by language. */
const told = z.object({ en: z.string(), ru: z.string() });

const seriesUnit = z.enum(["count", "perMinute", "bytesPerMinute", "seconds", "bytes", "share"]);

/**
 * A series that left its band. Counts are per minute, latencies in seconds, CPU in cores; `worst` is where it was farthest
 * outside.
 */
const departure = z.object({
  series: analysisSeries,
  name: told,
  /** Of the values. */
  unit: seriesUnit,
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
  sentence: told,
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
export type SeriesUnit = z.infer<typeof seriesUnit>;
export type MonitorIncident = z.infer<typeof monitorIncident>;
export type Forecast = z.infer<typeof forecast>;
export type ForecastQuantity = z.infer<typeof forecastQuantity>;
export type MonitorIncidents = z.infer<typeof monitorIncidents>;
export type MonitorBands = z.infer<typeof monitorBands>;
export type IncidentVerdict = z.infer<typeof incidentVerdict>;
