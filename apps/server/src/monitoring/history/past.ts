import type { BreakerChange, MonitorAlert, MonitorSample, SecurityRecord } from "@miscord/protocol";
import type { JournalEntry } from "./journal.ts";

/** Monitoring data of earlier processes. */
export interface Past {
  readonly minutes: readonly MonitorSample[];
  /** Of all nodes together, from when there were several. */
  readonly instance: readonly MonitorSample[];
  readonly alerts: readonly MonitorAlert[];
  readonly breakerChanges: readonly BreakerChange[];
  readonly security: readonly SecurityRecord[];
}

const keptMs = 24 * 3_600_000;

/** The last day of a journal, in order of time. Alerts and breaker states of an earlier process are closed. */
export function readPast(entries: readonly JournalEntry[], nowMs: number): Past {
  const sinceMs = nowMs - keptMs;
  const minutesOf = (kind: "minute" | "instance") =>
    ofKind(entries, kind)
      .filter(({ at }) => at * 1_000 > sinceMs && at * 1_000 <= nowMs)
      .toSorted((a, b) => a.at - b.at);
  const minutes = minutesOf("minute");
  const endedAt = new Date((minutes.at(-1)?.at ?? nowMs / 1_000) * 1_000).toISOString();
  return {
    minutes,
    instance: minutesOf("instance"),
    alerts: latest(ofKind(entries, "alert"), ({ id }) => id)
      .filter(({ raised_at: at }) => Date.parse(at) > sinceMs)
      .map((alert) => (alert.cleared_at === null ? { ...alert, cleared_at: later(endedAt, alert.raised_at) } : alert)),
    breakerChanges: closed(
      ofKind(entries, "breaker").filter(({ at }) => Date.parse(at) > sinceMs),
      nowMs,
    ),
    security: latest(ofKind(entries, "security"), ({ address }) => address)
      .filter(({ last_at: at }) => Date.parse(at) > sinceMs)
      .toSorted((a, b) => Date.parse(b.last_at) - Date.parse(a.last_at)),
  };
}

type ValueOf<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: Kind }>["value"];

function ofKind<Kind extends JournalEntry["kind"]>(entries: readonly JournalEntry[], kind: Kind): ValueOf<Kind>[] {
  return entries.filter((entry) => entry.kind === kind).map((entry) => entry.value as ValueOf<Kind>);
}

/** The last value per key. */
function latest<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

function later(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other;
}

/** Every process starts with a closed breaker. */
function closed(changes: readonly BreakerChange[], nowMs: number): readonly BreakerChange[] {
  const last = changes.at(-1);
  if (!last || last.state === "closed") return changes;
  return [...changes, { state: "closed", at: new Date(nowMs).toISOString() }];
}
