import type { BreakerState, ServerMetrics } from "@miscord/protocol";
import { AggregatorRegistry, type Registry } from "prom-client";

/** What one process measures. */
export interface Figures {
  readonly metrics: ServerMetrics;
  readonly prometheus: Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;
}

/** A worker's figures, by its number. */
export interface WorkerFigures extends Figures {
  readonly worker: number;
}

/** Figures of which the worst process counts; `uptime` and `bitrate` are the lowest, all others are added. */
const highest = /latency|lag|standbys/;
const lowest = /^(uptime|bitrate)$/;
const breakerStates: readonly BreakerState[] = ["closed", "half_open", "open"];

/** The JSON of several workers as if they were one process. */
export function combineMetrics(all: readonly ServerMetrics[]): ServerMetrics {
  const { main_websocket, ...rest } = combine("", all) as ServerMetrics;
  const { batches_sent } = main_websocket;
  const batched = all.reduce((sum, { main_websocket: one }) => sum + one.events_per_batch * one.batches_sent, 0);
  const events_per_batch = Number((batched / Math.max(1, batches_sent)).toFixed(2));
  return { ...rest, main_websocket: { ...main_websocket, events_per_batch } };
}

function combine(name: string, values: readonly unknown[]): unknown {
  const given = values.filter((value) => value !== null && value !== undefined);
  const [first] = given;
  if (typeof first === "number") return combineNumbers(name, given as number[]);
  if (name === "circuit_breaker") return breakerStates.findLast((state) => given.includes(state)) ?? first;
  if (typeof first !== "object" || first === null) return first ?? null;
  const keys = Object.keys(first) as (keyof typeof first)[];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      combine(
        key,
        given.map((one) => one[key]),
      ),
    ]),
  );
}

function combineNumbers(name: string, values: readonly number[]): number {
  if (highest.test(name)) return Math.max(...values);
  if (lowest.test(name)) return Math.min(...values);
  return values.reduce((sum, value) => sum + value, 0);
}

/** The text for Prometheus, in which each sample has the label `worker`. */
export function workersText(all: readonly WorkerFigures[]): Promise<string> {
  const labelled = all.map(({ worker, prometheus }) =>
    prometheus.map((metric) => ({
      ...metric,
      values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker: String(worker) } })),
    })),
  );
  return AggregatorRegistry.aggregate(labelled).metrics();
}
