import type { NodeSpec } from "@miscord/analysis";
import type { HeavyHitters } from "../../heavy-hitters.ts";
import type { AnalysisSeries, MonitorSample } from "@miscord/protocol";

/** Who had most of a minute: of the commands by account, and of the deliveries by channel. */
export interface MinuteLoads {
  readonly account: ReturnType<HeavyHitters["take"]>;
  readonly channel: ReturnType<HeavyHitters["take"]>;
}

/** What a node adds to its sample of a minute. Null where there is nothing to measure. */
export interface NodeFigures {
  /** The disk of the data folder. */
  readonly disk: DiskUse | null;
  /** Absent from nodes of an earlier version. */
  readonly loads?: MinuteLoads;
  readonly database_bytes: number | null;
  /** The database server's, where it is on this machine, and not that of the data folder. Absent from earlier versions. */
  readonly database_disk?: DiskUse | null;
}

/** In bytes. */
export interface DiskUse {
  readonly used: number;
  readonly total: number;
}

export type Minute = MonitorSample & NodeFigures;

export interface ServerSeries extends NodeSpec {
  readonly name: AnalysisSeries;
  /** Of one node; null where nothing was measured. */
  readonly value: (minute: Minute) => number | null;
  /** How much a node's value counts in a mean of all. */
  readonly weight?: (minute: Minute) => number;
}

const bitrate = ({ voice_bitrate: bits }: Minute) => bits;
const perMinute = (count: number, { seconds }: MonitorSample) => (count / seconds) * 60;

/** Traffic that people make: both too much and too little says something. */
const traffic = { both: true, leastSpread: 0.08, across: "sum" } as const;
/** Counts that are usually 0. */
const trouble = { unit: 2, both: false, leastSpread: 0.3, across: "sum" } as const;
const cost = { both: false, leastSpread: 0.12, across: "most" } as const;

/** Fewer failures than this within a minute say nothing, whatever their share. */
const fewestFailures = 3;
const attempts = ({ failures, messages_received: received, requests }: Minute) =>
  Math.max(failures, received + requests);
const errorRate = (minute: Minute) => (minute.failures < fewestFailures ? 0 : minute.failures / attempts(minute));

/**
 * Every series that is watched, in the order from cause to consequence: of two that depart in the same minute, the one
 * that is listed first is named as the first.
 */
export const serverSeries: readonly ServerSeries[] = [
  { ...traffic, name: "connections", unit: 5, value: ({ main_connections: connections }) => connections },
  { ...traffic, name: "received", unit: 10, value: (minute) => perMinute(minute.messages_received, minute) },
  { ...traffic, name: "requests", unit: 10, value: (minute) => perMinute(minute.requests, minute) },
  { ...traffic, name: "bytes_received", unit: 20_000, value: (minute) => perMinute(minute.bytes_received, minute) },
  { ...traffic, name: "voice_participants", unit: 4, value: (minute) => minute.voice_participants },
  {
    ...trouble,
    name: "logins_refused",
    value: (minute) => perMinute(minute.auth_failures + minute.token_reuse, minute),
  },
  { ...trouble, name: "rate_limited", value: (minute) => perMinute(minute.rate_limited, minute) },
  { ...trouble, name: "malformed", value: (minute) => perMinute(minute.malformed + minute.forbidden, minute) },
  { ...cost, name: "database_latency", unit: 0.001, value: (minute) => minute.database_latency },
  { ...cost, name: "bus_latency", unit: 0.001, value: (minute) => minute.bus_latency },
  { ...cost, name: "cpu", unit: 0.02, value: (minute) => minute.cpu_percent / 100 },
  { ...cost, name: "memory", unit: 5e6, leastSpread: 0.04, value: (minute) => minute.memory_bytes },
  { ...cost, name: "lag", unit: 0.005, leastSpread: 0.2, value: (minute) => minute.event_loop_lag_p99 },
  { ...trouble, name: "failures", value: (minute) => perMinute(minute.failures, minute) },
  { ...trouble, name: "error_rate", unit: 0.01, across: "mean", weight: attempts, value: errorRate },
  { ...cost, name: "latency_p50", unit: 0.005, value: (minute) => minute.latency_p50 },
  { ...cost, name: "latency_p99", unit: 0.01, leastSpread: 0.2, value: (minute) => minute.latency_p99 },
  { ...traffic, name: "sent", unit: 20, value: (minute) => perMinute(minute.messages_sent, minute) },
  { ...traffic, name: "bytes_sent", unit: 50_000, value: (minute) => perMinute(minute.bytes_sent, minute) },
  {
    ...cost,
    name: "events_per_batch",
    unit: 1,
    across: "mean",
    weight: ({ batches_sent: batches }) => batches,
    value: ({ events_batched: events, batches_sent: batches }) => (batches === 0 ? null : events / batches),
  },
  { ...trouble, name: "dropped", unit: 10, value: (minute) => perMinute(minute.dropped_low_priority, minute) },
  { ...trouble, name: "slow_closed", value: (minute) => perMinute(minute.slow_consumers_closed, minute) },
  { ...trouble, name: "reconnections", unit: 5, value: (minute) => perMinute(minute.reconnections, minute) },
  { ...trouble, name: "refused", unit: 5, value: (minute) => perMinute(minute.connection_errors, minute) },
  { ...cost, name: "voice_rtt", unit: 0.02, leastSpread: 0.2, value: (minute) => minute.voice_rtt },
  { ...cost, name: "voice_jitter", unit: 0.005, leastSpread: 0.2, value: (minute) => minute.voice_jitter },
  { ...cost, name: "voice_loss", unit: 0.01, leastSpread: 0.2, value: (minute) => minute.voice_loss },
  // It has three steps, each a quarter to a third lower than the one before.
  { ...traffic, name: "voice_bitrate", unit: 8_000, leastSpread: 0.06, across: "most", value: bitrate },
];

/** The instance's values of one minute from those of its nodes; series of which nothing was measured are left out. */
export function instanceValues(minutes: readonly Minute[]): Map<AnalysisSeries, number> {
  const values = new Map<AnalysisSeries, number>();
  for (const series of serverSeries) {
    const value = together(series, minutes);
    if (value !== null) values.set(series.name, value);
  }
  return values;
}

function together({ value, across, weight = () => 1 }: ServerSeries, minutes: readonly Minute[]): number | null {
  const measured = minutes.flatMap((minute) => {
    const each = value(minute);
    return each === null ? [] : [{ each, weight: weight(minute) }];
  });
  if (measured.length === 0) return null;
  if (across === "most") return Math.max(...measured.map(({ each }) => each));
  if (across === "sum") return measured.reduce((sum, { each }) => sum + each, 0);
  const whole = measured.reduce((sum, each) => sum + each.weight, 0);
  return whole === 0 ? 0 : measured.reduce((sum, { each, weight: share }) => sum + each * share, 0) / whole;
}
