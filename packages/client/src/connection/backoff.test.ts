import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const lowest = () => 0;
const highest = () => 1 - Number.EPSILON;

test("the first reconnect delay is uniform within one second", () => {
  expect(backoffMs(0, lowest)).toBe(0);
  expect(Math.ceil(backoffMs(0, highest))).toBe(1_000);
});

test("later reconnect delays range from one second to a limit that doubles up to thirty seconds", () => {
  for (let attempt = 1; attempt < 10; attempt += 1) expect(backoffMs(attempt, lowest)).toBe(1_000);
  const ceilings = [1, 2, 3, 4, 5, 9].map((attempt) => Math.ceil(backoffMs(attempt, highest)));
  expect(ceilings).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("after ten attempts the reconnect delay is one minute", () => {
  expect(backoffMs(10, lowest)).toBe(60_000);
  expect(backoffMs(10_000, highest)).toBe(60_000);
});
