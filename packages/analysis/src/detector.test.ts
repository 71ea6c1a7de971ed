import { describe, expect, test } from "vitest";
import { anomalyThreshold, Detector } from "./detector.ts";

const minuteS = 60;
/** Evening peak, with noise from a fixed sequence. */
const usual = (minute: number) =>
  100 + 60 * Math.sin((2 * Math.PI * minute) / 1_440) + 5 * Math.sin(minute * 12.9898) * Math.cos(minute * 78.233);

function learned(minutes: number): Detector {
  const detector = new Detector();
  for (let minute = 0; minute < minutes; minute++) detector.observe(minute * minuteS, usual(minute));
  return detector;
}

describe("the detector", () => {
  test("is surprised by a level far from usual at once", () => {
    expect(learned(4 * 1_440).observe(4 * 1_440 * minuteS, 400)).toBeGreaterThan(anomalyThreshold);
  });

  test("is not surprised by a series that repeats its days", () => {
    const detector = learned(4 * 1_440);
    const scores = Array.from({ length: 1_440 }, (_, minute) => {
      const now = 4 * 1_440 + minute;
      return detector.observe(now * minuteS, usual(now));
    });
    expect(scores.filter((score) => score >= anomalyThreshold)).toEqual([]);
  });

  test("goes on from a saved state as if it had never stopped", () => {
    const detector = learned(3_000);
    const restored = new Detector(JSON.parse(JSON.stringify(detector.save())));
    const surprising = [detector, restored].map((each) =>
      Array.from({ length: 500 }, (_, index) => 3_000 + index).filter((minute) => {
        const value = usual(minute) + (minute === 3_400 ? 300 : 0);
        return each.observe(minute * minuteS, value) >= anomalyThreshold;
      }),
    );
    expect(surprising[0]).toContain(3_400);
    expect(surprising[1]).toEqual(surprising[0]);
  });

  test("keeps its state within 40 KB, however long it runs", () => {
    expect(JSON.stringify(learned(60_000).save()).length).toBeLessThan(40_000);
  });
});
