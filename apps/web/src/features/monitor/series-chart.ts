import type { AnalysisSeries, MonitorSample } from "@miscord/protocol";
import { errorRate, eventsPerBatch, type ChartSpec, type Unit } from "./charts.ts";

type Value = (sample: MonitorSample) => number | null;

const perSecond = (count: Value): Value => divided(count, 1);
const perMinute = (count: Value): Value => divided(count, 60);

/** How each series that is watched is drawn alone: in the unit of its graph on the dashboard, if it has one there. */
const drawn: Readonly<Record<AnalysisSeries, readonly [Unit, atLeast: number, Value]>> = {
  connections: ["count", 4, (sample) => sample.main_connections],
  received: ["rate", 1, perSecond((sample) => sample.messages_received)],
  requests: ["rate", 1, perSecond((sample) => sample.requests)],
  bytes_received: ["byteRate", 1_024, perSecond((sample) => sample.bytes_received)],
  voice_participants: ["count", 4, (sample) => sample.voice_participants],
  logins_refused: ["perMinute", 4, perMinute((sample) => sample.auth_failures + sample.token_reuse)],
  rate_limited: ["perMinute", 4, perMinute((sample) => sample.rate_limited)],
  malformed: ["perMinute", 4, perMinute((sample) => sample.malformed + sample.forbidden)],
  database_latency: ["seconds", 0.002, (sample) => sample.database_latency],
  bus_latency: ["seconds", 0.002, (sample) => sample.bus_latency],
  cpu: ["share", 0.1, (sample) => sample.cpu_percent / 100],
  memory: ["bytes", 1_048_576, (sample) => sample.memory_bytes],
  lag: ["seconds", 0.02, (sample) => sample.event_loop_lag_p99],
  failures: ["perMinute", 4, perMinute((sample) => sample.failures)],
  error_rate: ["share", 0.01, errorRate],
  latency_p50: ["seconds", 0.02, (sample) => sample.latency_p50],
  latency_p99: ["seconds", 0.02, (sample) => sample.latency_p99],
  sent: ["rate", 1, perSecond((sample) => sample.messages_sent)],
  bytes_sent: ["byteRate", 1_024, perSecond((sample) => sample.bytes_sent)],
  events_per_batch: ["ratio", 2, eventsPerBatch],
  dropped: ["perMinute", 4, perMinute((sample) => sample.dropped_low_priority)],
  slow_closed: ["perMinute", 4, perMinute((sample) => sample.slow_consumers_closed)],
  reconnections: ["perMinute", 4, perMinute((sample) => sample.reconnections)],
  refused: ["perMinute", 4, perMinute((sample) => sample.connection_errors)],
  voice_rtt: ["seconds", 0.02, (sample) => sample.voice_rtt],
  voice_jitter: ["seconds", 0.02, (sample) => sample.voice_jitter],
  voice_loss: ["share", 0.01, (sample) => sample.voice_loss],
  voice_bitrate: ["bitrate", 64_000, (sample) => sample.voice_bitrate],
};

const charts = Object.fromEntries(
  Object.entries(drawn).map(([series, [unit, atLeast, value]]) => {
    const line = { id: "measured", value } as const;
    const chart: ChartSpec = { band: series as AnalysisSeries, bandOf: line.id, unit, atLeast, series: [line] };
    return [series, chart];
  }),
) as Readonly<Record<AnalysisSeries, ChartSpec>>;

/** The graph of one series with its band. */
export function seriesChart(series: AnalysisSeries): ChartSpec {
  return charts[series];
}

function divided(count: Value, seconds: number): Value {
  return (sample) => {
    const value = count(sample);
    return value === null ? null : (value / sample.seconds) * seconds;
  };
}
