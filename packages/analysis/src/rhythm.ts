const minuteS = 60;
/** Minutes after which something may happen again and again: those that divide an hour, as schedules do. */
const periods = [5, 6, 10, 12, 15, 20, 30, 60];
/** Cycles that a rhythm remembers. */
const followedCycles = 16;
/** Cycles before anything is said of a rhythm. */
const leastCycles = 24;
/** A beat is at least so high on the scale of the series (a doubling), and so many times what else strays. */
const leastHeight = 0.7;
const leastSpreads = 5;
/** One value teaches no more than this. */
const mostTaught = 3;
const spreadShare = 1 / 480;
/** Beats that came before a missed one means something, and how many are remembered. */
const leastHits = 12;
const rememberedBeats = 64;
/** With a larger share of missed beats it is no rhythm; below the other, the first missed one is reported. */
const mostMissed = 0.1;
const rarelyMissed = 0.01;
const gapS = 90;

interface Candidate {
  readonly means: number[];
  spread: number;
  seen: number;
}

export interface RhythmState {
  readonly candidates: readonly Readonly<Candidate>[];
  readonly every: number | null;
  readonly hits: number;
  readonly misses: number;
}

/** A beat that did not come. Sizes on the scale of the series, above what is usual at that time without a beat. */
export interface MissedBeat {
  /** When the first of the beats in a row was due, in seconds since the epoch. */
  readonly since: number;
  /** What came in its place at most. */
  readonly value: number;
  readonly height: number;
  readonly everyMinutes: number;
  /** From 0 to 1. */
  readonly sure: number;
}

/** Neighbouring minutes of a cycle in which the series is high. */
interface Beat {
  readonly from: number;
  readonly length: number;
}

interface Shape {
  readonly every: number;
  readonly base: number;
  readonly height: number;
  readonly beats: readonly Beat[];
}

/**
 * Learns what happens again and again within the hour, as a job that runs every quarter of an hour: takes how far each
 * minute is from what is usual at its hour, averages it by the minute of each possible cycle, and takes the shortest one
 * that explains it. Says when a beat does not come.
 */
export class Rhythm {
  readonly #candidates: readonly Candidate[];
  #every: number | null;
  #hits: number;
  #misses: number;
  #shape: Shape | null = null;
  #latest: { at: number; values: number[] } = { at: Number.NEGATIVE_INFINITY, values: [] };
  #missed: MissedBeat | null = null;
  #inARow = 0;

  constructor(state?: RhythmState) {
    this.#candidates = periods.map((every, index) => {
      const held = state?.candidates[index];
      return held ? { ...held, means: [...held.means] } : { means: zeros(every), spread: 0, seen: 0 };
    });
    this.#every = state?.every ?? null;
    this.#hits = state?.hits ?? 0;
    this.#misses = state?.misses ?? 0;
    this.#shape = this.#found();
  }

  /** How much higher than without a rhythm the series is to be expected; 0 while none is known. */
  expected(at: number): number {
    if (!this.isKnown) return 0;
    const { every, base } = this.#shape!;
    return this.#of(every).means[minuteOf(at) % every]! - base;
  }

  /** Takes in how far a minute is from what is usual without a rhythm; gives the beats that are missing since then. */
  observe(at: number, residual: number): MissedBeat | null {
    const { values, at: before } = this.#latest;
    const isNext = at - before < gapS;
    this.#latest = { at, values: isNext ? [...values.slice(-periods.at(-1)!), residual] : [residual] };
    if (this.#shape) this.#judge(this.#shape, at);
    this.#learn(at, residual);
    this.#shape = this.#found();
    if (!this.#shape) this.#missed = null;
    return this.#inARow >= this.#tolerated ? this.#missed : null;
  }

  /** What was a rhythm is none any more; a new one is learned from nothing. */
  forget(): void {
    for (const candidate of this.#candidates)
      Object.assign(candidate, { means: candidate.means.map(() => 0), seen: 0 });
    this.#shape = null;
    this.#missed = null;
  }

  /** A beat that was missing meant nothing: the next time only two in a row do. */
  doubt(): void {
    this.#misses = Math.max(this.#misses, 1 + 2 * rarelyMissed * rememberedBeats);
    this.#missed = null;
  }

  save(): RhythmState {
    const candidates = this.#candidates.map(({ means, spread, seen }) => ({
      means: means.map((mean) => Math.round(mean * 1_000) / 1_000),
      spread: Number(spread.toPrecision(4)),
      seen,
    }));
    return { candidates, every: this.#every, hits: this.#hits, misses: this.#misses };
  }

  get isKnown(): boolean {
    return this.#shape !== null && this.#hits >= leastHits && this.#misses < mostMissed * this.#hits;
  }

  /** Beats in a row that must be missing before it is told. */
  get #tolerated(): number {
    return this.#misses - 1 < rarelyMissed * this.#hits ? 1 : 2;
  }

  #of(every: number): Candidate {
    return this.#candidates[periods.indexOf(every)]!;
  }

  #learn(at: number, residual: number): void {
    const minute = minuteOf(at);
    for (const [index, candidate] of this.#candidates.entries()) {
      const every = periods[index]!;
      const phase = minute % every;
      const error = Math.max(-mostTaught, Math.min(mostTaught, residual - candidate.means[phase]!));
      candidate.seen += 1;
      candidate.spread += Math.max(spreadShare, 1 / candidate.seen) * (Math.abs(error) - candidate.spread);
      candidate.means[phase]! += Math.max(1 / followedCycles, 1 / Math.ceil(candidate.seen / every)) * error;
    }
  }

  #found(): Shape | null {
    for (const [index, candidate] of this.#candidates.entries()) {
      const shape = shapeOf(periods[index]!, candidate);
      if (!shape) continue;
      if (shape.every !== this.#every) {
        this.#every = shape.every;
        this.#hits = 0;
        this.#misses = 0;
        this.#inARow = 0;
        this.#missed = null;
      }
      return shape;
    }
    this.#every = null;
    return null;
  }

  /** A beat has until the minute after it: schedules and minutes are not quite in step. */
  #judge({ every, base, height, beats }: Shape, at: number): void {
    const minute = minuteOf(at);
    const ended = beats.find(({ from, length }) => (from + length) % every === minute % every);
    const { values } = this.#latest;
    if (!ended || values.length < ended.length + 2) return;
    const highest = Math.max(...values.slice(-ended.length - 2)) - base;
    const kept = 1 - 1 / rememberedBeats;
    if (highest >= height / 2) {
      this.#hits = this.#hits * kept + 1;
      this.#misses *= kept;
      this.#inARow = 0;
      this.#missed = null;
      return;
    }
    const isKnown = this.isKnown;
    this.#inARow += 1;
    // Of several in a row only the first tells how reliable the rhythm is.
    if (this.#inARow === 1) this.#misses += 1;
    if (!isKnown && !this.#missed) return;
    const since = this.#missed?.since ?? at - ended.length * minuteS;
    const sure = this.#hits / (this.#hits + 1);
    this.#missed = { since, value: highest, height, everyMinutes: Math.round(every / beats.length), sure };
  }
}

/** Null when the minutes of the cycle do not differ enough. */
function shapeOf(every: number, { means, spread, seen }: Candidate): Shape | null {
  if (seen < leastCycles * every || Math.max(...means) - Math.min(...means) < leastHeight) return null;
  const base = means.toSorted((a, b) => a - b)[Math.floor(every / 2)]!;
  const height = Math.max(...means) - base;
  if (height < leastHeight || height < leastSpreads * spread) return null;
  const isHigh = means.map((mean) => mean - base >= height / 2);
  const beats = isHigh.flatMap((high, from) => {
    if (!high || isHigh.at(from - 1)) return [];
    let length = 1;
    while (isHigh[(from + length) % every]) length += 1;
    return [{ from, length }];
  });
  return { every, base, height, beats };
}

function minuteOf(at: number): number {
  return Math.floor(at / minuteS);
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
