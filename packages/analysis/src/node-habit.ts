import type { SeriesDeparture } from "./series-watch.ts";

/** A departure that is adding up. */
interface HabitRun {
  sum: number;
  since: number;
  worst: SeriesDeparture["worst"];
  evidence: number;
  sure: number;
  outsideAt: number;
  isReported: boolean;
}

/** By how much one node usually differs from the others, on the scale of the series; and how it departs from that. */
export interface Habit {
  offset: number;
  /** Too slow to follow a leak. */
  slow: number;
  seen: number;
  at: number;
  above: HabitRun | null;
  below: HabitRun | null;
  drift: HabitRun | null;
  block: { at: number; lowest: number } | null;
}

export interface HabitStep {
  readonly at: number;
  /** Spreads from the nearest of what would be usual; positive above. */
  readonly spreads: number;
  readonly slowSpreads: number;
  /** Decimal orders by which such a departure is rarer than expected. */
  readonly evidence: number;
  /** Whether falling short matters too. */
  readonly both: boolean;
  readonly value: number;
  readonly expected: number;
}

/** Minutes after which a new node's mean is taken for its habit. */
const learnsForMinutes = 30;
/** After these half of a lasting difference is a habit. */
const halfLifeHours = 3;
const slowHalfLifeHours = 120;
/** Beyond so many spreads a difference teaches no more. */
const clip = 3;
/** Farther than the band of the whole: there are as many chances of a false alarm as nodes. */
const usualSpreads = 5;
/** One minute counts as at most this many spreads; spreads beyond what is usual, added up, are reported from here. */
const mostSpreads = 11;
const reportAt = 20;
const mostHeld = 28;
/** What happened before as often as one minute of some thousand is no reason. */
const leastEvidence = 3;
const levelAfterS = 900;
const backForS = 300;
/** As in `SeriesWatch`, of each stretch the lowest counts. */
const driftStepS = 1_200;
const driftSpreads = 6;
const driftReportAt = 16;
const driftMostSpreads = 12;

export function beginHabit(at: number, apart: number): Habit {
  return { offset: apart, slow: apart, seen: 0, at, above: null, below: null, drift: null, block: null };
}

export function isReported({ above, below, drift }: Habit): boolean {
  return [above, below, drift].some((run) => run?.isReported);
}

/** Follows a difference; an outlier teaches little. `width`: one spread. */
export function learnHabit(habit: Habit, at: number, apart: number, width: number): void {
  const hours = Math.min(1, Math.max(0, (at - habit.at) / 3_600));
  habit.seen += 1;
  habit.at = at;
  const isNew = habit.seen <= learnsForMinutes;
  const follow = (known: number, halfLife: number) => {
    const error = apart - known;
    if (isNew) return known + error / habit.seen;
    return known + (1 - 2 ** (-hours / halfLife)) * Math.max(-clip * width, Math.min(clip * width, error));
  };
  habit.offset = follow(habit.offset, halfLifeHours);
  habit.slow = follow(habit.slow, slowHalfLifeHours);
}

/** Takes a minute in, and gives the departure that it belongs to; null while all is as usual. */
export function stepHabit(
  habit: Habit,
  step: HabitStep,
): Omit<SeriesDeparture, "series" | "every_minutes" | "node"> | null {
  // Nothing is known of a time without values.
  if (step.at - habit.at > backForS) Object.assign(habit, { above: null, below: null, drift: null, block: null });
  habit.above = stepRun(habit.above, step.spreads, step);
  if (step.both) habit.below = stepRun(habit.below, -step.spreads, step);
  stepDrift(habit, step);
  const { at, value, expected } = step;
  for (const direction of ["above", "below"] as const) {
    const run = habit[direction];
    if (!run?.isReported) continue;
    const kind = direction === "below" && value === 0 ? "silence" : at - run.since > levelAfterS ? "level" : "spike";
    return { kind, direction, value, expected, since: run.since, worst: run.worst, sure: run.sure };
  }
  const { drift } = habit;
  if (!drift?.isReported) return null;
  const { since, worst } = drift;
  return {
    kind: "drift",
    direction: "above",
    value,
    expected: worst.expected,
    since,
    worst,
    sure: drift.sure,
  };
}

function stepRun(run: HabitRun | null, spreads: number, { at, value, expected, evidence }: HabitStep): HabitRun | null {
  const beyond = Math.min(mostSpreads, spreads) - usualSpreads;
  if (beyond <= 0 && !run) return null;
  const held = run ?? newRun(at);
  held.sum = Math.max(0, Math.min(mostHeld, held.sum + beyond));
  if (beyond > 0) {
    held.outsideAt = at;
    held.evidence = Math.max(held.evidence, evidence);
  }
  held.sure = Math.max(held.sure, sureOf(held.sum, reportAt));
  if (spreads > held.worst.spreads) held.worst = { value, expected, spreads };
  if (held.sum >= reportAt && held.evidence >= leastEvidence) held.isReported = true;
  const isOver = held.isReported ? at - held.outsideAt >= backForS : held.sum === 0;
  return isOver ? null : held;
}

function stepDrift(habit: Habit, { at, slowSpreads, value, expected }: HabitStep): void {
  const block = habit.block ?? { at, lowest: slowSpreads };
  block.lowest = Math.min(block.lowest, slowSpreads);
  habit.block = block;
  if (at - block.at < driftStepS - 60) return;
  habit.block = null;
  const beyond = Math.min(driftMostSpreads, block.lowest) - driftSpreads;
  if (beyond <= 0 && !habit.drift) return;
  const held = habit.drift ?? newRun(block.at);
  held.sum = Math.max(0, Math.min(2 * driftReportAt, held.sum + beyond));
  held.sure = Math.max(held.sure, sureOf(held.sum, driftReportAt));
  if (block.lowest > held.worst.spreads) held.worst = { value, expected, spreads: block.lowest };
  if (held.sum >= driftReportAt) held.isReported = true;
  if (beyond > 0) held.outsideAt = at;
  const isOver = held.isReported ? beyond <= 0 && held.sum < driftReportAt / 2 : held.sum === 0;
  habit.drift = isOver ? null : held;
}

function newRun(at: number): HabitRun {
  return {
    sum: 0,
    since: at,
    worst: { value: 0, expected: 0, spreads: 0 },
    evidence: 0,
    sure: 0,
    outsideAt: at,
    isReported: false,
  };
}

function sureOf(sum: number, full: number): number {
  return 1 - 2 ** ((-2 * sum) / full);
}
