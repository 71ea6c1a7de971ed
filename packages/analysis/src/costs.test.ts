import { expect, test } from "vitest";
import { fitCosts, growthOf, useOf, type CostRow } from "./costs.ts";

/** From 0 to 1, the same at each run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

const truth = { base: 0.01, each: [0.002, 0.0001, 0.00001] };
/** Another machine, half as fast, on which the third kind is cheap. */
const expected = { base: 0.02, each: [0.001, 0.00005, 0.00002] };

/** A day of quarter hours in which all kinds rise and fall together. */
function day(random: () => number): CostRow[] {
  return Array.from({ length: 96 }, (_, index) => {
    const people = 50 + 40 * Math.sin((index / 96) * 2 * Math.PI);
    const about = () => 0.8 + 0.4 * random();
    const counts = [people * 0.02 * about(), people * about(), people * 30 * about()];
    return { counts, used: useOf(truth, counts) * (0.9 + 0.2 * random()) };
  });
}

test("costs of events that rise together give the use at ten times as many", () => {
  const costs = fitCosts(day(randomOf(3)), expected);
  const many = [20, 1_000, 30_000];
  expect(useOf(costs, many) / useOf(truth, many)).toBeGreaterThan(0.85);
  expect(useOf(costs, many) / useOf(truth, many)).toBeLessThan(1.15);
});

test("one hour of something else does not change the costs", () => {
  const rows = day(randomOf(4));
  const spoilt = rows.map((row, index) => (index < 4 ? { ...row, used: 0.9 } : row));
  const many = [20, 1_000, 30_000];
  const change = useOf(fitCosts(spoilt, expected), many) / useOf(fitCosts(rows, expected), many);
  expect(change).toBeGreaterThan(0.9);
  expect(change).toBeLessThan(1.1);
});

test("growth is the power by which one value follows another, and unknown while that one hardly varies", () => {
  const points = Array.from({ length: 50 }, (_, index) => ({ x: 10 + index, y: (10 + index) ** 1.5 }));
  expect(growthOf(points)).toBeCloseTo(1.5, 2);
  expect(growthOf(points.map(({ x, y }) => ({ x: 100 + x / 100, y })))).toBeNull();
});
