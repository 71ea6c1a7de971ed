import type { MonitorSample } from "@miscord/protocol";

type Rule = "most" | "sum" | "mean" | "last";

/** How each figure of several samples is combined. `most` keeps short peaks, which an average would hide. */
const rules: { readonly [Name in keyof MonitorSample]: Rule } = {
  at: "last",
  seconds: "sum",
  sockets: "most",
  main_connections: "most",
  people: "most",
  voice_connections: "most",
  legacy_connections: "most",
  active_channels: "most",
  voice_rooms: "most",
  voice_participants: "most",
  memory_bytes: "most",
  memory_percent: "most",
  cpu_percent: "mean",
  loop_busy: "mean",
  event_loop_lag_p99: "most",
  breaker_open: "most",
  messages_received: "sum",
  messages_sent: "sum",
  bytes_received: "sum",
  bytes_sent: "sum",
  frames_sent: "sum",
  batches_sent: "sum",
  events_batched: "sum",
  dropped_low_priority: "sum",
  slow_consumers_closed: "sum",
  connection_errors: "sum",
  arrivals: "sum",
  reconnections: "sum",
  requests: "sum",
  failures: "sum",
  auth_failures: "sum",
  rate_limited: "sum",
  forbidden: "sum",
  malformed: "sum",
  token_reuse: "sum",
  latency_p50: "last",
  latency_p95: "last",
  latency_p99: "last",
  voice_bitrate: "last",
  voice_rtt: "mean",
  voice_jitter: "mean",
  voice_loss: "mean",
  database_latency: "mean",
  bus_latency: "mean",
};

/** Quantiles of samples cannot be combined; they come from a histogram of the whole period. */
export type Quantiles = Pick<MonitorSample, "latency_p50" | "latency_p95" | "latency_p99">;

/** Combines samples into one that covers their whole period; needs at least one. */
export function foldSamples(samples: readonly MonitorSample[], quantiles: Quantiles): MonitorSample {
  const folded = Object.entries(rules).map(([name, rule]) => {
    const values = samples.map((sample) => sample[name as keyof MonitorSample]).filter((value) => value !== null);
    return [name, values.length === 0 ? null : combined(rule, values)];
  });
  return { ...(Object.fromEntries(folded) as MonitorSample), ...quantiles };
}

function combined(rule: Rule, values: readonly number[]): number {
  const sum = () => values.reduce((total, value) => total + value, 0);
  switch (rule) {
    case "most":
      return Math.max(...values);
    case "last":
      return values.at(-1)!;
    case "sum":
      return rounded(sum());
    case "mean":
      return rounded(sum() / values.length);
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
