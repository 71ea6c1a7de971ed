import { WindowMean } from "./window.ts";

const hourS = 3_600;
/** Share of a profile's hour that one day replaces. */
const dailyShare = 0.3;
const recentShares = [0.1, 0.3];
const longShare = 0.001;
const seasonWindows = [1, 4, 12, 36];
const levelWindows = [1, 8, 24];
const wildWindow = 24;
const calmWindow = 36;

/** Index of the first window of levels, and of the first of jitter. */
const levelsAt = seasonWindows.length;
const jitterAt = levelsAt + levelWindows.length;

/** How many departures there are for each value. */
export const departureCount = seasonWindows.length + 1 + recentShares.length + levelWindows.length + 2;

export interface DeparturesState {
  readonly at: number | null;
  readonly last: number | null;
  readonly seen: number;
  readonly long: number;
  readonly longChange: number;
  readonly recent: readonly number[];
  readonly profile: readonly (number | null)[];
  readonly windows: readonly (readonly number[])[];
}

/**
 * Says of each value of a series in how many ways, and how far, it departs from the values before it: from the hour of
 * the day, from the last value, from recent and long means, in its jitter. Knows nothing of later values.
 */
export class Departures {
  readonly #sizes = Array.from({ length: departureCount }, () => 0);
  readonly #profile: (number | null)[];
  readonly #windows: WindowMean[];
  readonly #recent: number[];
  #at: number | null;
  #last: number | null;
  #seen: number;
  #long: number;
  #longChange: number;

  constructor(state?: DeparturesState) {
    const sizes = [...seasonWindows, ...levelWindows, wildWindow, calmWindow];
    this.#windows = sizes.map((size, index) => new WindowMean(size, state?.windows[index]));
    this.#profile = state ? [...state.profile] : Array.from({ length: 24 }, () => null);
    this.#recent = state ? [...state.recent] : [];
    this.#at = state?.at ?? null;
    this.#last = state?.last ?? null;
    this.#seen = state?.seen ?? 0;
    this.#long = state?.long ?? 0;
    this.#longChange = state?.longChange ?? 0;
  }

  /** @param at seconds since the epoch. Gives `departureCount` sizes, each at least 0, until the next call. */
  observe(at: number, value: number): readonly number[] {
    this.#seen += 1;
    const fromHour = this.#fromHour(at, value);
    const change = Math.abs(value - (this.#last ?? value));
    const share = Math.max(longShare, 1 / this.#seen);
    if (this.#seen === 1) this.#long = value;
    const fromLong = value - this.#long;
    this.#long += share * fromLong;
    this.#longChange += share * (change - this.#longChange);
    this.#last = value;
    this.#at = at;
    let index = 0;
    let window = 0;
    const sizes = this.#sizes;
    for (; window < levelsAt; window++) sizes[index++] = Math.abs(this.#windows[window]!.add(fromHour));
    sizes[index++] = change;
    for (let recent = 0; recent < recentShares.length; recent++) sizes[index++] = this.#fromRecent(recent, value);
    for (; window < jitterAt; window++) sizes[index++] = Math.abs(this.#windows[window]!.add(fromLong));
    sizes[index++] = this.#windows[jitterAt]!.add(change);
    sizes[index] = this.#calm(this.#windows[jitterAt + 1]!.add(change));
    return sizes;
  }

  save(): DeparturesState {
    return {
      at: this.#at,
      last: this.#last,
      seen: this.#seen,
      long: this.#long,
      longChange: this.#longChange,
      recent: this.#recent,
      profile: this.#profile,
      windows: this.#windows.map((window) => window.save()),
    };
  }

  /** From the usual value of this hour of the day; from a recent mean while the hour is new. */
  #fromHour(at: number, value: number): number {
    const hour = Math.floor((at / hourS) % 24);
    const usual = this.#profile[hour] ?? null;
    const departure = value - (usual ?? this.#recent[0] ?? value);
    const step = this.#at === null ? 0 : Math.min(hourS, Math.max(0, at - this.#at));
    this.#profile[hour] = usual === null ? value : usual + Math.min(0.5, (dailyShare * step) / hourS) * departure;
    return departure;
  }

  #fromRecent(index: number, value: number): number {
    const departure = value - (this.#recent[index] ?? value);
    this.#recent[index] = (this.#recent[index] ?? value) + recentShares[index]! * departure;
    return Math.abs(departure);
  }

  /** How much calmer than usual the series has become, as a logarithm. */
  #calm(stillness: number): number {
    return this.#longChange === 0 ? 0 : Math.max(0, -Math.log(stillness / this.#longChange + 0.02));
  }
}
