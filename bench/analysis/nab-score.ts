/** What the Numenta Anomaly Benchmark counts a true positive, a false positive and a missed window as. */
export interface Profile {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly missed: number;
}

export const profiles = {
  standard: { truePositive: 1, falsePositive: 0.11, missed: 1 },
  "few false positives": { truePositive: 1, falsePositive: 0.22, missed: 1 },
  "few misses": { truePositive: 1, falsePositive: 0.11, missed: 2 },
} as const satisfies Record<string, Profile>;

/** One series with its labelled windows, as indices of the first and last value. */
export interface Labelled {
  readonly length: number;
  readonly windows: readonly (readonly [first: number, last: number])[];
}

export interface SeriesScore {
  readonly raw: number;
  /** Windows that count: those with a value after the probation. */
  readonly windows: number;
  readonly detected: number;
  readonly falsePositives: number;
}

/** Values at the beginning that are never counted. */
export function probation(length: number): number {
  return Math.floor(Math.min(0.15 * length, 0.15 * 5_000));
}

/** 1 well before the end of a window (-1), 0 at its end, -1 from three window lengths behind it. */
export function scaledSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/**
 * The raw score of one series: of each window the best detection (the earlier the better) or a miss, and every detection
 * outside, which counts the more the farther it is behind a window.
 *
 * @param isDetection for the index of each value
 */
export function scoreSeries(
  { length, windows }: Labelled,
  isDetection: (index: number) => boolean,
  profile: Profile,
): SeriesScore {
  const from = probation(length);
  const counted = windows.filter(([, last]) => last >= from);
  const best = new Map<number, number>();
  let raw = 0;
  let falsePositives = 0;
  let within = 0;
  for (let index = from; index < length; index++) {
    if (!isDetection(index)) continue;
    while (within < windows.length && windows[within]![1] < index) within += 1;
    const window = windows[within];
    if (window && window[0] <= index) best.set(within, Math.max(best.get(within) ?? -1, inside(index, window)));
    else {
      falsePositives += 1;
      raw += profile.falsePositive * behind(index, windows[within - 1]);
    }
  }
  for (const value of best.values()) raw += profile.truePositive * value;
  raw -= profile.missed * (counted.length - best.size);
  return { raw, windows: counted.length, detected: best.size, falsePositives };
}

function inside(index: number, [first, last]: readonly [number, number]): number {
  const length = last - first + 1;
  return scaledSigmoid(-(last - index + 1) / length) / scaledSigmoid(-1);
}

function behind(index: number, window: readonly [number, number] | undefined): number {
  return window ? scaledSigmoid((index - window[1]) / Math.max(1, window[1] - window[0])) : -1;
}

/** The benchmark's score of many series: 0 for no detection at all, 100 for the first value of each window alone. */
export function normalized(scores: readonly SeriesScore[], profile: Profile): number {
  const windows = scores.reduce((sum, each) => sum + each.windows, 0);
  const raw = scores.reduce((sum, each) => sum + each.raw, 0);
  return (100 * (raw + profile.missed * windows)) / (windows * (profile.truePositive + profile.missed));
}
