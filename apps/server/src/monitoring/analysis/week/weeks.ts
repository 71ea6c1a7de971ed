import type { Forecast, MonitorIncident, WeekSummary } from "@miscord/protocol";
import { weekSummary } from "@miscord/protocol/schemas";
import { z } from "zod";
import type { Minute } from "../series.ts";
import { withoutNames } from "../sentence.ts";
import { weekTexts } from "./text.ts";

/** When the week ends: day of the week from 0 (Sunday), and minute of the day; UTC. */
export interface WeeklyTime {
  readonly day: number;
  readonly minute: number;
}

const running = z.object({
  /** Seconds since the epoch. */
  since: z.number(),
  /** The latest message when the week began. */
  after_message: z.number(),
  people: z.number(),
  people_at: z.number(),
  /** Minutes that people spent in calls, and most people in calls at once. */
  call_minutes: z.number(),
  call_people: z.number(),
});
export const keptWeeks = z.object({ running: running.nullable(), latest: weekSummary.nullable() });
type Kept = z.infer<typeof keptWeeks>;

/** What only the database knows of the time since then. */
export interface WeekCounts {
  /** Accounts that were there. */
  readonly accounts: number;
  readonly messages: number;
}

const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;
/** Less is not worth a summary. */
const leastSeconds = daySeconds;

/** The week that runs, and the summary of the one before. */
export class Weeks {
  #kept: Kept;

  constructor(kept: Kept | undefined) {
    this.#kept = kept ?? { running: null, latest: null };
  }

  get kept(): Kept {
    return this.#kept;
  }

  get latest(): WeekSummary | null {
    return this.#kept.latest;
  }

  get running(): Kept["running"] {
    return this.#kept.running;
  }

  /** The first minute needs to know the latest message. */
  begin(at: number, afterMessage: number): void {
    this.#kept = { ...this.#kept, running: emptyWeek(at, afterMessage) };
  }

  /** Takes in a minute of all nodes. */
  add(at: number, minutes: readonly Minute[]): void {
    const week = this.#kept.running;
    if (!week) return;
    const sum = (value: (minute: Minute) => number) => minutes.reduce((total, minute) => total + value(minute), 0);
    const people = sum((minute) => minute.people ?? 0);
    const inCalls = sum(({ voice_participants: participants }) => participants);
    if (people > week.people) Object.assign(week, { people, people_at: at });
    week.call_minutes += inCalls;
    week.call_people = Math.max(week.call_people, inCalls);
  }

  isOver(at: number, time: WeeklyTime): boolean {
    const week = this.#kept.running;
    return week !== null && endOfWeek(week.since, time) <= at;
  }

  /** The kept state after the running week; its summary is null when too little of the week is known. */
  ended(
    at: number,
    counts: WeekCounts & { readonly afterMessage: number },
    found: { readonly incidents: readonly MonitorIncident[]; readonly forecasts: readonly Forecast[] },
  ): { kept: Kept; summary: WeekSummary | null } {
    const week = this.#kept.running!;
    const summary = at - week.since < leastSeconds ? null : summaryOf(week, at, counts, found);
    const kept = { running: emptyWeek(at, counts.afterMessage), latest: summary ?? this.#kept.latest };
    return { kept, summary };
  }

  put(kept: Kept): void {
    this.#kept = kept;
  }
}

function emptyWeek(since: number, afterMessage: number): z.infer<typeof running> {
  return { since, after_message: afterMessage, people: 0, people_at: since, call_minutes: 0, call_people: 0 };
}

/** The first such time after `since`. */
export function endOfWeek(since: number, { day, minute }: WeeklyTime): number {
  // The epoch was a Thursday.
  const offset = ((day + 3) % 7) * daySeconds + minute * 60;
  return (Math.floor((since - offset) / weekSeconds) + 1) * weekSeconds + offset;
}

function summaryOf(
  week: z.infer<typeof running>,
  until: number,
  { accounts, messages }: WeekCounts,
  { incidents, forecasts }: { incidents: readonly MonitorIncident[]; forecasts: readonly Forecast[] },
): WeekSummary {
  const lasted = ({ started_at: from, ended_at: to }: MonitorIncident) =>
    Math.max(0, (to === null ? until : Date.parse(to) / 1_000) - Math.max(week.since, Date.parse(from) / 1_000));
  const ofWeek = incidents.filter(
    ({ ended_at: to, verdict }) => verdict !== "wrong" && (to === null || Date.parse(to) / 1_000 > week.since),
  );
  const [longest] = ofWeek.toSorted((a, b) => lasted(b) - lasted(a));
  const [nearest] = forecasts
    .filter(({ full_from: from }) => from !== null)
    .toSorted((a, b) => Date.parse(a.full_from!) - Date.parse(b.full_from!));
  const summary = {
    from: iso(week.since),
    until: iso(until),
    accounts,
    most_people: week.people,
    most_people_at: iso(week.people_at),
    messages,
    call_minutes: Math.round(week.call_minutes),
    most_in_calls: week.call_people,
    incidents: ofWeek.length,
    incident_minutes: Math.round(ofWeek.reduce((sum, incident) => sum + lasted(incident), 0) / 60),
    longest: longest
      ? { id: longest.id, started_at: longest.started_at, sentence: withoutNames(longest).sentence }
      : null,
    nearest: nearest ?? null,
    forecasts_known: forecasts.some(({ in_30_days: told }) => told !== null),
  };
  return { ...summary, text: weekTexts(summary) };
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
