import { describe, expect, test } from "vitest";
import { normalized, probation, profiles, scaledSigmoid, scoreSeries, type Labelled } from "./nab-score.ts";

const series: Labelled = {
  length: 1_000,
  windows: [
    [400, 499],
    [700, 799],
  ],
};
const { standard } = profiles;
const scoreOf = (
  detections: number[],
  labelled = series,
  profile = standard as (typeof profiles)[keyof typeof profiles],
) => scoreSeries(labelled, (index) => detections.includes(index), profile);
const percent = (detections: number[]) => normalized([scoreOf(detections)], standard);

describe("the score of the Numenta Anomaly Benchmark", () => {
  test("is 0 without a detection and 100 when the first value of each window is detected", () => {
    expect(percent([])).toBe(0);
    expect(percent([400, 700])).toBeCloseTo(100, 10);
  });

  test("counts of each window the earliest detection only", () => {
    expect(percent([400, 410, 499, 700])).toBeCloseTo(100, 10);
    expect(scoreOf([450, 460]).raw).toBeCloseTo(scoreOf([450]).raw, 10);
  });

  test("gives a detection in the middle of a window the sigmoid of its place", () => {
    // Fifty values to the end, that is half a window: 2 / (1 + e^-2.5) - 1 = 0.8483, of 0.9866 at the first value.
    expect(scaledSigmoid(-0.5)).toBeCloseTo(0.8483, 4);
    expect(scaledSigmoid(-1)).toBeCloseTo(0.9866, 4);
    expect(scoreOf([450]).raw).toBeCloseTo(0.8483 / 0.9866 - 1, 3);
  });

  test("takes the full cost for a detection before the first window and far behind one", () => {
    expect(scoreOf([300]).raw).toBeCloseTo(-2 - 0.11, 10);
    expect(scoreOf([300], series, profiles["few false positives"]).raw).toBeCloseTo(-2 - 0.22, 10);
    // (999 - 799) / 99 window lengths are not yet 3: 2 / (1 + e^10.1) - 1.
    expect(scoreOf([999]).raw).toBeCloseTo(-2 - 0.11 * 0.99992, 5);
  });

  test("takes little for a detection shortly behind a window", () => {
    // Ten values behind it: 2 / (1 + e^(50/99)) - 1 = -0.2473.
    expect(scoreOf([509]).raw).toBeCloseTo(-2 - 0.11 * 0.2473, 4);
  });

  test("counts missed windows double in the profile against misses", () => {
    expect(scoreOf([], series, profiles["few misses"]).raw).toBe(-4);
    expect(normalized([scoreOf([400], series, profiles["few misses"])], profiles["few misses"])).toBeCloseTo(50, 10);
  });

  test("ignores what lies within the probation of 15 %, 750 values at most", () => {
    expect([probation(1_000), probation(4_032), probation(10_320)]).toEqual([150, 604, 750]);
    expect(scoreOf([0, 149]).raw).toBe(scoreOf([]).raw);
    expect(scoreOf([], { length: 1_000, windows: [[50, 100]] })).toMatchObject({ raw: 0, windows: 0 });
  });

  test("adds series without a window to the cost of false positives", () => {
    const quiet: Labelled = { length: 1_000, windows: [] };
    const scores = [scoreOf([400, 700]), scoreOf([500], quiet)];
    expect(normalized(scores, standard)).toBeCloseTo(100 - (0.11 / 4) * 100, 8);
  });
});
