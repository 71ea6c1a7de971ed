import { normalized, profiles, scoreSeries, type Profile } from "./nab-score.ts";
import { threeSigma, windowedGaussian } from "./baselines.ts";
import { anomalyThreshold, Detector } from "@miscord/analysis";
import type { Series } from "./read-series.ts";

/** Scores of each value of each series. */
export type Scores = ReadonlyMap<Series, readonly number[]>;

export interface Contestant {
  readonly name: string;
  readonly scores: Scores;
  readonly threshold: number;
}

/** The detector of the analysis, with what it is compared to. The windowed Gaussian gets the threshold that suits it best. */
export function contestants(corpus: readonly Series[]): Contestant[] {
  const gaussian = scoresOf(corpus, ({ values }) => windowedGaussian(values));
  return [
    { name: "Miscord, fixed threshold", scores: scoresOf(corpus, detect), threshold: anomalyThreshold },
    {
      name: "windowed Gaussian, threshold tuned to these series",
      scores: gaussian,
      threshold: bestThreshold(gaussian, corpus),
    },
    {
      name: "static band of three sigma",
      scores: scoresOf(corpus, ({ values }) => threeSigma(values)),
      threshold: 0.5,
    },
  ];
}

function detect({ values, times }: Series): number[] {
  const detector = new Detector();
  return reports(values.map((value, index) => detector.observe(times[index]!, value)));
}

/** Values for which only a higher score than the last reported one is reported. */
const quietValues = 180;

/** Leaves of the scores those that tell something new, and puts 0 for those that repeat what was reported shortly before. */
export function reports(scores: readonly number[]): number[] {
  let peak = 0;
  let sincePeak = 0;
  return scores.map((score) => {
    sincePeak += 1;
    if (sincePeak > quietValues) peak = 0;
    if (score <= peak) return 0;
    peak = score;
    sincePeak = 0;
    return score;
  });
}

function scoresOf(corpus: readonly Series[], detect: (series: Series) => readonly number[]): Scores {
  return new Map(corpus.map((series) => [series, detect(series)]));
}

export function seriesScore(scores: Scores, threshold: number, series: Series, profile: Profile = profiles.standard) {
  const values = scores.get(series)!;
  return scoreSeries(series, (index) => values[index]! >= threshold, profile);
}

export function scoreOf(
  scores: Scores,
  threshold: number,
  series: readonly Series[],
  profile: Profile = profiles.standard,
): number {
  return normalized(
    series.map((each) => seriesScore(scores, threshold, each, profile)),
    profile,
  );
}

/** Of many thresholds the one with the highest score in the standard profile. */
export function bestThreshold(scores: Scores, series: readonly Series[]): number {
  const even = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
  const nearOne = [3, 4, 5, 6, 8, 10, 12, 14, 16].map((digits) => 1 - 10 ** -digits);
  const rated = [...even, ...nearOne].map((threshold) => ({ threshold, score: scoreOf(scores, threshold, series) }));
  return rated.toSorted((a, b) => b.score - a.score)[0]!.threshold;
}
