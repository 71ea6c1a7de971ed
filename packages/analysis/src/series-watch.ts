import { anomalyThreshold, Detector, type DetectorState } from "./detector.ts";
import { Baseline, recentPace, slowPace, type BaselineState } from "./baseline.ts";
import { Rhythm, type MissedBeat, type RhythmState } from "./rhythm.ts";
import { bandSpreads, rawOf, scaledOf, type Band } from "./scale.ts";

/** What is known of a series before its first value. All series are 0 or above. */
export interface SeriesSpec {
  readonly name: string;
  /** Differences below this mean nothing; the scale is linear below it and logarithmic above. */
  readonly unit: number;
  /** Whether falling short of what is usual matters too. */
  readonly both: boolean;
  /** Spread, as a share of the value, below which the series is never taken to keep. */
  readonly leastSpread: number;
}

/** A series that each of several nodes has. */
export interface NodeSpec extends SeriesSpec {
  /** How the nodes' values become that of the whole. */
  readonly across: "sum" | "most" | "mean";
}

type DepartureKind = "spike" | "level" | "silence" | "rhythm" | "drift";

/** A series that is away from what is usual for it. Values in the unit of the series. */
export interface SeriesDeparture {
  readonly series: string;
  readonly kind: DepartureKind;
  readonly direction: "above" | "below";
  /** Start of the departure in seconds since the epoch. */
  readonly since: number;
  readonly value: number;
  readonly expected: number;
  /** Value and usual value where the departure was largest. */
  readonly worst: { readonly value: number; readonly expected: number; readonly spreads: number };
  /** From 0 to 1. */
  readonly sure: number;
  /** Of a broken rhythm: the minutes after which it should come. */
  readonly every_minutes: number | null;
  /** The node that departs while the whole is as usual; null when the whole departs. */
  readonly node: string | null;
}

export interface SeriesWatchState {
  readonly recent: BaselineState;
  readonly slow: BaselineState;
  readonly detector: DetectorState;
  /** Absent from what an earlier version kept. */
  readonly rhythm?: RhythmState;
  readonly tolerance: number;
}

/** For two days nothing is reported: one repetition is the least from which a rhythm can be told. */
export const learningS = 2 * 86_400;
/** Until it has seen a weekend, the band is wider. */
export const firstWeekS = 8 * 86_400;
export const firstWeekTolerance = 1.6;
/** One minute counts as at most this many spreads, so that no single one is an incident. */
const mostSpreads = 10;
/** Spreads beyond the band, added up over minutes, at which a departure is reported, and the most that is remembered. */
const reportAt = 8;
const mostHeld = 28;
/** So much beyond the band is reported even if the detector, which follows a steady climb, is not surprised. */
const reportAnywayAt = 20;
/** Of each stretch the lowest value counts: garbage and peaks go away by themselves, what leaked stays. */
const driftStepS = 1_200;
const driftSpreads = 4;
const driftReportAt = 16;
const driftMostSpreads = 9;
/** A departure longer than this is a new level rather than a spike. */
const levelAfterS = 900;
const backForS = 300;
const mostTolerance = 3;

type Told = Omit<SeriesDeparture, "series" | "every_minutes" | "node">;

interface Run {
  sum: number;
  since: number;
  worst: SeriesDeparture["worst"];
  sure: number;
  isReported: boolean;
  /** When it was last outside of the band. */
  outsideAt: number;
}

/** Watches one series, of which a value comes every minute or so. */
export class SeriesWatch {
  readonly #spec: SeriesSpec;
  readonly #recent: Baseline;
  readonly #slow: Baseline;
  readonly #detector: Detector;
  readonly #rhythm: Rhythm;
  #missed: MissedBeat | null = null;
  #tolerance: number;
  #runs: { above: Run | null; below: Run | null } = { above: null, below: null };
  #drift: Run | null = null;
  #block: { at: number; lowest: number } | null = null;
  #surprises: number[] = [];
  #last: { at: number; value: number } | null = null;

  constructor(spec: SeriesSpec, state?: SeriesWatchState) {
    this.#spec = spec;
    this.#recent = new Baseline(recentPace, spec.leastSpread, state?.recent);
    this.#slow = new Baseline(slowPace, spec.leastSpread / 2, state?.slow);
    this.#detector = new Detector(state?.detector);
    this.#rhythm = new Rhythm(state?.rhythm);
    this.#tolerance = state?.tolerance ?? 1;
  }

  get since(): number | null {
    return this.#recent.since;
  }

  get hasRhythm(): boolean {
    return this.#rhythm.isKnown;
  }

  /** Takes the value in, and gives the departure that it belongs to; null while all is as usual. */
  observe(at: number, value: number): SeriesDeparture | null {
    // Nothing is known of a time without values, and what comes after it is no part of what was before.
    if (this.#last && at - this.#last.at > backForS) this.#end();
    const whole = this.#scaled(value);
    const scaled = whole - this.#rhythm.expected(at);
    const spreads = this.#recent.departure(at, scaled) / this.#toleranceAt(at);
    const surprise = this.#detector.observe(at, spreads);
    this.#surprises = [...this.#surprises.slice(-4), surprise];
    this.#last = { at, value };
    const isLearned = at - (this.#recent.since ?? at) >= learningS;
    const missed = this.#rhythm.observe(at, whole - this.#recent.expected(at));
    // That a cost does not rise for once is no harm.
    this.#missed = isLearned && this.#spec.both ? missed : null;
    this.#recent.learn(at, scaled);
    this.#step("above", at, value, isLearned ? spreads : 0);
    if (this.#spec.both) this.#step("below", at, value, isLearned ? -spreads : 0);
    this.#stepDrift(at, value, scaled, isLearned);
    return this.#departure(at, value);
  }

  /** What is usual at that time, in the unit of the series; null while too little is known. */
  band(at: number): Band | null {
    const { since, at: latest } = this.#recent;
    if (since === null || latest === null || latest - since < learningS) return null;
    const expected = this.#recent.expected(at) + this.#rhythm.expected(at);
    const width = bandSpreads * this.#toleranceAt(latest) * this.#recent.spread(at);
    return {
      low: this.#raw(expected - width),
      expected: this.#raw(expected),
      high: this.#raw(expected + width),
    };
  }

  /** The present level is as it should be from now on. */
  adopt(): void {
    if (!this.#last) return;
    const scaled = this.#scaled(this.#last.value);
    if (this.#missed) this.#rhythm.forget();
    else for (const baseline of [this.#recent, this.#slow]) baseline.adopt(this.#last.at, scaled);
    this.#end();
  }

  /** The departure was nothing: a wider band from now on. */
  tolerate(): void {
    if (this.#missed) this.#rhythm.doubt();
    else this.#tolerance = Math.min(mostTolerance, this.#tolerance * 1.3);
    this.#end();
  }

  save(): SeriesWatchState {
    return {
      recent: this.#recent.save(),
      slow: this.#slow.save(),
      detector: this.#detector.save(),
      rhythm: this.#rhythm.save(),
      tolerance: this.#tolerance,
    };
  }

  #end(): void {
    this.#runs = { above: null, below: null };
    this.#drift = null;
    this.#missed = null;
  }

  #toleranceAt(at: number): number {
    const isNew = at - (this.#recent.since ?? at) < firstWeekS;
    return this.#tolerance * (isNew ? firstWeekTolerance : 1);
  }

  #scaled(value: number): number {
    return scaledOf(value, this.#spec.unit);
  }

  #raw(scaled: number): number {
    return rawOf(scaled, this.#spec.unit);
  }

  /** Adds up how far beyond the band the series is on one side. */
  #step(side: "above" | "below", at: number, value: number, spreads: number): void {
    const run = this.#runs[side];
    const beyond = Math.min(mostSpreads, spreads) - bandSpreads;
    if (beyond <= 0 && !run) return;
    const held = run ?? newRun(at);
    held.sum = Math.max(0, Math.min(mostHeld, held.sum + beyond));
    held.sure = Math.max(held.sure, ...this.#surprises);
    if (beyond > 0) held.outsideAt = at;
    if (spreads > held.worst.spreads) held.worst = { value, expected: this.#raw(this.#recent.expected(at)), spreads };
    if (held.sum >= reportAnywayAt) held.sure = Math.max(held.sure, anomalyThreshold);
    if (held.sum >= reportAt && held.sure >= anomalyThreshold) held.isReported = true;
    const isOver = held.isReported ? at - held.outsideAt >= backForS : held.sum === 0;
    this.#runs[side] = isOver ? null : held;
  }

  /** Compares the lowest of each twenty minutes with a baseline that is too slow to follow a leak. */
  #stepDrift(at: number, value: number, scaled: number, isLearned: boolean): void {
    const block = this.#block ?? { at, lowest: scaled };
    block.lowest = Math.min(block.lowest, scaled);
    this.#block = block;
    if (at - block.at < driftStepS - 60) return;
    this.#block = null;
    const spreads = this.#slow.departure(at, block.lowest) / this.#toleranceAt(at);
    const expected = this.#raw(this.#slow.expected(at));
    this.#slow.learn(at, block.lowest);
    if (!isLearned) return;
    const beyond = Math.min(driftMostSpreads, spreads) - driftSpreads;
    if (beyond <= 0 && !this.#drift) return;
    const held = this.#drift ?? newRun(block.at);
    held.sum = Math.max(0, Math.min(2 * driftReportAt, held.sum + beyond));
    held.sure = 1 - 2 ** (-held.sum / driftReportAt);
    if (spreads > held.worst.spreads) held.worst = { value, expected, spreads };
    if (held.sum >= driftReportAt) held.isReported = true;
    if (beyond > 0) held.outsideAt = at;
    const isOver = held.isReported ? beyond <= 0 && held.sum < driftReportAt / 2 : held.sum === 0;
    this.#drift = isOver ? null : held;
  }

  #departure(at: number, value: number): SeriesDeparture | null {
    const { above, below } = this.#runs;
    const expected = this.#raw(this.#recent.expected(at));
    for (const [direction, run] of [
      ["above", above],
      ["below", below],
    ] as const) {
      if (!run?.isReported) continue;
      const kind = direction === "below" && value === 0 ? "silence" : at - run.since > levelAfterS ? "level" : "spike";
      const { since, worst, sure } = run;
      return this.#told({ kind, direction, since, value, expected, worst, sure });
    }
    if (this.#drift?.isReported) {
      const { since, worst, sure } = this.#drift;
      return this.#told({ kind: "drift", direction: "above", since, value, expected: worst.expected, worst, sure });
    }
    return this.#missed && this.#brokenRhythm(this.#missed);
  }

  #brokenRhythm({ since, value: came, height, everyMinutes, sure }: MissedBeat): SeriesDeparture {
    const usual = this.#recent.expected(since);
    const [value, expected] = [this.#raw(usual + came), this.#raw(usual + height)];
    const worst = { value, expected, spreads: (height - came) / this.#recent.spread(since) };
    const told = { kind: "rhythm", direction: "below", since, value, expected, worst, sure } as const;
    return this.#told({ ...told, every_minutes: everyMinutes });
  }

  #told(departure: Told & { every_minutes?: number }): SeriesDeparture {
    return { series: this.#spec.name, every_minutes: null, node: null, ...departure };
  }
}

function newRun(at: number): Run {
  const worst = { value: 0, expected: 0, spreads: 0 };
  return { sum: 0, since: at, worst, sure: 0, isReported: false, outsideAt: at };
}
