import type { MonitorSample } from "@miscord/protocol";

type Figure = Exclude<keyof MonitorSample, "at" | "seconds">;

/** Of these the node with the highest value counts; all others are added up. Nodes share some of their channels. */
const highest = {
  active_channels: true,
  memory_bytes: true,
  memory_percent: true,
  cpu_percent: true,
  loop_busy: true,
  event_loop_lag_p99: true,
  breaker_open: true,
  latency_p50: true,
  latency_p95: true,
  latency_p99: true,
  voice_bitrate: true,
  voice_rtt: true,
  voice_jitter: true,
  voice_loss: true,
  database_latency: true,
  bus_latency: true,
} as const satisfies Partial<Record<Figure, true>>;

/** The minutes of all nodes as one of the instance, with the time of the first. */
export function foldNodes([first, ...others]: readonly [MonitorSample, ...MonitorSample[]]): MonitorSample {
  if (others.length === 0) return first;
  const { at, seconds } = first;
  const figures = Object.keys(first)
    .filter((name) => name !== "at" && name !== "seconds")
    .map((name) => [name, folded(name as Figure, [first, ...others])]);
  return { ...(Object.fromEntries(figures) as Omit<MonitorSample, "at" | "seconds">), at, seconds };
}

function folded(name: Figure, minutes: readonly MonitorSample[]): number | null {
  const values = minutes.map((minute) => minute[name]).filter((value) => value !== null && value !== undefined);
  if (values.length === 0) return null;
  return name in highest ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}
