import type { AnalysisSeries, MonitorSample } from "@miscord/protocol";
import type words from "../../i18n/en/monitor.ts";

export type Unit = "count" | "rate" | "perMinute" | "seconds" | "share" | "bytes" | "byteRate" | "bitrate" | "ratio";

export interface SeriesSpec {
  readonly id: keyof (typeof words)["series"];
  readonly value: (sample: MonitorSample) => number | null;
}

export interface ChartSpec {
  /** The series whose usual range is drawn, and the line that it is of. */
  readonly band: AnalysisSeries;
  readonly bandOf: SeriesSpec["id"];
  readonly unit: Unit;
  readonly series: readonly SeriesSpec[];
  /** Lowest maximum of the scale, so that small noise does not fill the graph. */
  readonly atLeast: number;
}

/** A graph of the dashboard. */
interface NamedChart extends ChartSpec {
  readonly id: Exclude<keyof (typeof words)["chart"], "summary" | "usual" | "between">;
}

const perSecond = (count: number, { seconds }: MonitorSample) => count / seconds;
const perMinute = (count: number, { seconds }: MonitorSample) => (count / seconds) * 60;

/** Share of commands and requests that failed by the server's fault. */
export function errorRate({ failures, messages_received: received, requests }: MonitorSample): number {
  return failures === 0 ? 0 : failures / Math.max(failures, received + requests);
}

export function eventsPerBatch({ events_batched: events, batches_sent: batches }: MonitorSample): number | null {
  return batches === 0 ? null : events / batches;
}

const traffic: readonly NamedChart[] = [
  {
    id: "connections",
    unit: "count",
    atLeast: 4,
    band: "connections",
    bandOf: "main",
    series: [
      { id: "main", value: (sample) => sample.main_connections },
      { id: "voice", value: (sample) => sample.voice_connections },
      { id: "legacy", value: (sample) => sample.legacy_connections },
    ],
  },
  {
    id: "messages",
    unit: "rate",
    atLeast: 1,
    band: "sent",
    bandOf: "sent",
    series: [
      { id: "sent", value: (sample) => perSecond(sample.messages_sent, sample) },
      { id: "received", value: (sample) => perSecond(sample.messages_received, sample) },
    ],
  },
  {
    id: "bytes",
    unit: "byteRate",
    atLeast: 1_024,
    band: "bytes_sent",
    bandOf: "sent",
    series: [
      { id: "sent", value: (sample) => perSecond(sample.bytes_sent, sample) },
      { id: "received", value: (sample) => perSecond(sample.bytes_received, sample) },
    ],
  },
  {
    id: "latency",
    unit: "seconds",
    atLeast: 0.02,
    band: "latency_p99",
    bandOf: "p99",
    series: [
      { id: "p50", value: (sample) => sample.latency_p50 },
      { id: "p95", value: (sample) => sample.latency_p95 },
      { id: "p99", value: (sample) => sample.latency_p99 },
    ],
  },
];

const trouble: readonly NamedChart[] = [
  {
    id: "errors",
    unit: "share",
    atLeast: 0.01,
    band: "error_rate",
    bandOf: "failed",
    series: [{ id: "failed", value: errorRate }],
  },
  {
    id: "reconnections",
    unit: "perMinute",
    atLeast: 4,
    band: "reconnections",
    bandOf: "reconnected",
    series: [
      { id: "reconnected", value: (sample) => perMinute(sample.reconnections, sample) },
      { id: "refused", value: (sample) => perMinute(sample.connection_errors, sample) },
    ],
  },
  {
    id: "slow",
    unit: "perMinute",
    atLeast: 4,
    band: "dropped",
    bandOf: "dropped",
    series: [
      { id: "dropped", value: (sample) => perMinute(sample.dropped_low_priority, sample) },
      { id: "closed", value: (sample) => perMinute(sample.slow_consumers_closed, sample) },
    ],
  },
  {
    id: "security",
    unit: "perMinute",
    atLeast: 4,
    band: "logins_refused",
    bandOf: "auth",
    series: [
      { id: "auth", value: (sample) => perMinute(sample.auth_failures + sample.token_reuse, sample) },
      { id: "limited", value: (sample) => perMinute(sample.rate_limited, sample) },
      { id: "malformed", value: (sample) => perMinute(sample.malformed, sample) },
      { id: "forbidden", value: (sample) => perMinute(sample.forbidden, sample) },
    ],
  },
];

const cost: readonly NamedChart[] = [
  {
    id: "lag",
    unit: "seconds",
    atLeast: 0.02,
    band: "lag",
    bandOf: "p99",
    series: [{ id: "p99", value: (sample) => sample.event_loop_lag_p99 }],
  },
  {
    id: "cpu",
    unit: "share",
    atLeast: 0.1,
    band: "cpu",
    bandOf: "cpu",
    series: [{ id: "cpu", value: (sample) => sample.cpu_percent / 100 }],
  },
  {
    id: "memory",
    unit: "bytes",
    atLeast: 1_048_576,
    band: "memory",
    bandOf: "memory",
    series: [{ id: "memory", value: (sample) => sample.memory_bytes }],
  },
  {
    id: "dependencies",
    unit: "seconds",
    atLeast: 0.002,
    band: "database_latency",
    bandOf: "database",
    series: [
      { id: "database", value: (sample) => sample.database_latency },
      { id: "bus", value: (sample) => sample.bus_latency },
    ],
  },
  {
    id: "batches",
    unit: "ratio",
    atLeast: 2,
    band: "events_per_batch",
    bandOf: "eventsPerBatch",
    series: [{ id: "eventsPerBatch", value: eventsPerBatch }],
  },
];

const voice: readonly NamedChart[] = [
  {
    id: "calls",
    unit: "count",
    atLeast: 4,
    band: "voice_participants",
    bandOf: "participants",
    series: [
      { id: "participants", value: (sample) => sample.voice_participants },
      { id: "rooms", value: (sample) => sample.voice_rooms },
    ],
  },
  {
    id: "quality",
    unit: "seconds",
    atLeast: 0.02,
    band: "voice_rtt",
    bandOf: "rtt",
    series: [
      { id: "rtt", value: (sample) => sample.voice_rtt },
      { id: "jitter", value: (sample) => sample.voice_jitter },
    ],
  },
  {
    id: "loss",
    unit: "share",
    atLeast: 0.01,
    band: "voice_loss",
    bandOf: "loss",
    series: [{ id: "loss", value: (sample) => sample.voice_loss }],
  },
  {
    id: "bitrate",
    unit: "bitrate",
    atLeast: 64_000,
    band: "voice_bitrate",
    bandOf: "bitrate",
    series: [{ id: "bitrate", value: (sample) => sample.voice_bitrate }],
  },
];

export const chartGroups = [
  { id: "traffic", charts: traffic },
  { id: "trouble", charts: trouble },
  { id: "cost", charts: cost },
  { id: "voice", charts: voice },
] as const;
