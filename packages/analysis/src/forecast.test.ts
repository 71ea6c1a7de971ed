import { describe, expect, test } from "vitest";
import { fewestDays, forecastDays } from "./forecast.ts";

/** A sequence that is the same for the same seed. */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
}

const weekend = (day: number, more: number) => (day % 7 >= 5 ? 1 + more : 1);

/** Histories of the kinds that are forecast, by the day. */
const histories: Readonly<Record<string, (normal: () => number) => (day: number) => number>> = {
  "a disk that fills": (normal) => {
    let used = 1e10;
    return (day) => (used += Math.max(0, 2e8 * weekend(day, 0.4) * (1 + 0.3 * normal())));
  },
  "connections of a growing community": (normal) => (day) =>
    500 * 1.004 ** day * weekend(day, 0.3) * (1 + 0.06 * normal()),
  "memory that leaks and lingers": (normal) => {
    let lingering = 0;
    return (day) => 3e8 + 4e5 * day + (lingering = 0.8 * lingering + 6e6 * normal());
  },
  "a database that wanders": (normal) => {
    let size = 1e9;
    return () => (size += 1e6 + 5e6 * normal());
  },
};

describe("forecasts", () => {
  test("have bands that hold 75 to 85 % of what came, over 1, 7 and 14 days", () => {
    let held = 0;
    let total = 0;
    for (const known of [14, 30, 60]) {
      for (const [index, history] of Object.values(histories).entries()) {
        for (let run = 0; run < 42; run++) {
          const next = history(normals(1_000 * index + run));
          const days = known + (run % 7);
          const values = Array.from({ length: days + 14 }, (_, day) => next(day));
          const forecast = forecastDays(values.slice(0, days), 14);
          for (const ahead of [1, 7, 14]) {
            const { low, high } = forecast[ahead - 1]!;
            const value = values[days + ahead - 1]!;
            total += 1;
            if (value >= low && value <= high) held += 1;
          }
        }
      }
    }
    expect(held / total).toBeGreaterThanOrEqual(0.75);
    expect(held / total).toBeLessThanOrEqual(0.85);
  });

  test("follow growth, and say nothing with too few days", () => {
    const growing = Array.from({ length: 20 }, (_, day) => 100 + 10 * day);
    expect(forecastDays(growing, 5)[4]!.expected).toBeCloseTo(100 + 10 * 24, 6);
    expect(forecastDays(growing.slice(0, fewestDays - 1), 5)).toEqual([]);
  });
});
