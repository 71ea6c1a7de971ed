import { randomUUID } from "node:crypto";
import type { MonitorAlert, MonitorSample } from "@miscord/protocol";

export interface AlertRule {
  readonly name: MonitorAlert["name"];
  /** Raised when the figure is above this for `forSamples` samples in a row. */
  readonly above: number;
  readonly forSamples: number;
  /**
   * Cleared at or below this for `clearSamples` samples in a row. Lower than `above`, so that the alert does not
   * flicker.
   */
  readonly clearAt: number;
  readonly clearSamples: number;
  readonly figure: (sample: MonitorSample) => number;
}

/** Fewer failures than this within a sample do not count, whatever their share. */
const fewestFailures = 3;

export function alertRules({ maxConnections }: { maxConnections: number }): AlertRule[] {
  const steady = { forSamples: 3, clearSamples: 6 };
  return [
    { ...steady, name: "latency", above: 0.25, clearAt: 0.15, figure: (sample) => sample.latency_p99 ?? 0 },
    { ...steady, name: "event_loop_lag", above: 0.1, clearAt: 0.05, figure: (sample) => sample.event_loop_lag_p99 },
    { ...steady, name: "memory", above: 0.85, clearAt: 0.75, figure: (sample) => sample.memory_percent / 100 },
    { ...steady, name: "connections", above: 0.9, clearAt: 0.8, figure: (sample) => sample.sockets / maxConnections },
    { ...steady, name: "error_rate", above: 0.05, clearAt: 0.01, figure: errorRate },
    {
      name: "circuit_breaker",
      above: 0,
      forSamples: 1,
      clearAt: 0,
      clearSamples: 1,
      figure: (sample) => sample.breaker_open,
    },
  ];
}

/** The share of commands and requests that failed with an internal error. */
function errorRate({ failures, messages_received: received, requests }: MonitorSample): number {
  return failures < fewestFailures ? 0 : failures / Math.max(failures, received + requests);
}

const keptAlerts = 100;

/** Raises and clears alerts according to rules about samples. */
export class Alerts {
  readonly #rules: readonly AlertRule[];
  readonly #onChanged: (alert: MonitorAlert) => void;
  readonly #streaks = new Map<MonitorAlert["name"], number>();
  #alerts: MonitorAlert[];

  constructor(options: {
    rules: readonly AlertRule[];
    /** Alerts of earlier processes. */
    past: readonly MonitorAlert[];
    onChanged: (alert: MonitorAlert) => void;
  }) {
    this.#rules = options.rules;
    this.#onChanged = options.onChanged;
    this.#alerts = options.past.slice(-keptAlerts);
  }

  /** Oldest first. */
  get all(): readonly MonitorAlert[] {
    return this.#alerts;
  }

  observe(sample: MonitorSample): void {
    for (const rule of this.#rules) this.#apply(rule, sample);
  }

  #apply(rule: AlertRule, sample: MonitorSample): void {
    const { name } = rule;
    const value = rule.figure(sample);
    const raised = this.#alerts.find((alert) => alert.name === name && alert.cleared_at === null);
    const isTurning = raised ? value <= rule.clearAt : value > rule.above;
    const streak = isTurning ? (this.#streaks.get(name) ?? 0) + 1 : 0;
    const needed = raised ? rule.clearSamples : rule.forSamples;
    this.#streaks.set(name, streak < needed ? streak : 0);
    if (streak < needed) return;
    const at = new Date(sample.at * 1_000).toISOString();
    if (raised) this.#change({ ...raised, cleared_at: at });
    else this.#change({ id: randomUUID(), name, value, threshold: rule.above, raised_at: at, cleared_at: null });
  }

  #change(alert: MonitorAlert): void {
    this.#alerts = [...this.#alerts.filter(({ id }) => id !== alert.id), alert]
      .toSorted((a, b) => Date.parse(a.raised_at) - Date.parse(b.raised_at))
      .slice(-keptAlerts);
    this.#onChanged(alert);
  }
}
