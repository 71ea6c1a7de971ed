const hourS = 3_600;
const dayHours = 24;
const weekHours = 168;
/** Mean absolute deviation of a normal distribution, as a multiple of its standard deviation. */
const absoluteToStandard = 1.2533;

/** How quickly a baseline follows what it sees. */
export interface Pace {
  /** Share of an hour of the day that one day replaces. */
  readonly day: number;
  /** Share of an hour of the week that one week replaces. */
  readonly week: number;
  /** Hours after which half of a lasting change of the level counts as usual. */
  readonly levelHalfLifeHours: number;
  /** Departures beyond so many spreads teach no more than this one. */
  readonly clip: number;
}

export const recentPace: Pace = { day: 0.25, week: 0.6, levelHalfLifeHours: 3, clip: 3 };
/** Too slow to follow a leak. */
export const slowPace: Pace = { day: 0.1, week: 0.3, levelHalfLifeHours: 120, clip: 2 };

export interface BaselineState {
  readonly since: number | null;
  readonly at: number | null;
  readonly level: number;
  readonly day: readonly number[];
  readonly dayCount: readonly number[];
  readonly week: readonly number[];
  readonly spread: readonly number[];
}

/**
 * What is usual for a series by the hour of the day and of the week, and how far it usually strays: learned as values
 * come, on the scale they come in. Single outliers teach little.
 */
export class Baseline {
  readonly #pace: Pace;
  readonly #leastSpread: number;
  readonly #day: number[];
  readonly #dayCount: number[];
  readonly #week: number[];
  readonly #spread: number[];
  #since: number | null;
  #at: number | null;
  #level: number;

  /** @param leastSpread spread below which a departure says nothing */
  constructor(pace: Pace, leastSpread: number, state?: BaselineState) {
    this.#pace = pace;
    this.#leastSpread = leastSpread;
    this.#day = state ? [...state.day] : zeros(dayHours);
    this.#dayCount = state ? [...state.dayCount] : zeros(dayHours);
    this.#week = state ? [...state.week] : zeros(weekHours);
    this.#spread = state ? [...state.spread] : zeros(dayHours);
    this.#since = state?.since ?? null;
    this.#at = state?.at ?? null;
    this.#level = state?.level ?? 0;
  }

  /** Time of the first value, in seconds since the epoch; null before it. */
  get since(): number | null {
    return this.#since;
  }

  /** Time of the latest value; null before the first. */
  get at(): number | null {
    return this.#at;
  }

  /** @param at seconds since the epoch */
  expected(at: number): number {
    const { hour, next, share } = hoursAt(at, dayHours);
    const week = hoursAt(at, weekHours);
    return (
      this.#level +
      mixed(this.#day[hour]!, this.#day[next]!, share) +
      mixed(this.#week[week.hour]!, this.#week[week.next]!, week.share)
    );
  }

  /** One standard deviation around `expected`. */
  spread(at: number): number {
    const { hour, next, share } = hoursAt(at, dayHours);
    const spread = absoluteToStandard * mixed(this.#spread[hour]!, this.#spread[next]!, share);
    return Math.max(this.#leastSpread, spread);
  }

  /** How many spreads the value is above (positive) or below what is usual. Does not learn from it. */
  departure(at: number, value: number): number {
    return (value - this.expected(at)) / this.spread(at);
  }

  /** @param at later than the last */
  learn(at: number, value: number): void {
    const stepHours = this.#at === null ? 0 : Math.min(1, Math.max(0, (at - this.#at) / hourS));
    this.#since ??= at;
    this.#at = at;
    const { hour, next, share } = hoursAt(at, dayHours);
    if (this.#dayCount[hour] === 0) this.#begin(hour, hour, value);
    if (this.#dayCount[next] === 0) this.#begin(next, hour, value);
    const spread = this.spread(at);
    const wanders = this.#dayCount[hour]! < 2 ? 20 : this.#pace.clip;
    const error = value - this.expected(at);
    const taught = Math.max(-wanders * spread, Math.min(wanders * spread, error));
    const { day, week, levelHalfLifeHours } = this.#pace;
    for (const [knot, weight] of [
      [hour, 1 - share],
      [next, share],
    ] as const) {
      this.#dayCount[knot]! += weight * stepHours;
      const count = Math.max(1e-6, this.#dayCount[knot]!);
      const gain = Math.min(1, weight * stepHours * Math.max(day, 1 / (count + 0.2)));
      this.#day[knot]! += gain * taught;
      const stray = Math.min(Math.abs(error), 1.5 * wanders * spread);
      this.#spread[knot]! +=
        Math.min(1, weight * stepHours * Math.max(day, 1 / (count + 0.2))) * (stray - this.#spread[knot]!);
    }
    const knots = hoursAt(at, weekHours);
    this.#week[knots.hour]! += (1 - knots.share) * stepHours * week * taught;
    this.#week[knots.next]! += knots.share * stepHours * week * taught;
    this.#level += (1 - 2 ** (-stepHours / levelHalfLifeHours)) * taught;
  }

  /** Takes the level that the series has now for usual. */
  adopt(at: number, value: number): void {
    this.#level += value - this.expected(at);
  }

  save(): BaselineState {
    const rounded = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6)));
    return {
      since: this.#since,
      at: this.#at,
      level: this.#level,
      day: rounded(this.#day),
      dayCount: rounded(this.#dayCount),
      week: rounded(this.#week),
      spread: rounded(this.#spread),
    };
  }

  /** An hour that no day has had yet starts from the value instead of from nothing, and as spread as the one before it. */
  #begin(hour: number, before: number, value: number): void {
    this.#day[hour] = value - this.#level;
    this.#spread[hour] = this.#spread[before]!;
  }
}

/** The middles of two hours around a time, and how far it is from the first to the second. */
function hoursAt(at: number, hours: number): { hour: number; next: number; share: number } {
  const position = (((at / hourS - 0.5) % hours) + hours) % hours;
  const hour = Math.floor(position);
  return { hour, next: (hour + 1) % hours, share: position - hour };
}

function mixed(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
