import { expect, test } from "vitest";
import { HeavyHitters } from "./heavy-hitters.ts";

test("finds the few that make much among many that make little, and begins anew", () => {
  const counts = new HeavyHitters();
  for (let index = 0; index < 20_000; index += 1) {
    counts.add(1_000 + index);
    if (index % 5 === 0) counts.add(7, 2);
    if (index % 10 === 0) counts.add(8);
  }
  const { total, top } = counts.take(2);
  expect(total).toBe(30_000);
  expect(top.map(({ key }) => key)).toEqual([7, 8]);
  expect(top[0]!.count).toBeGreaterThan(8_000 - 30_000 / 256);
  expect(top[0]!.count).toBeLessThanOrEqual(8_000);
  expect(counts.take(2)).toEqual({ total: 0, top: [] });
});
