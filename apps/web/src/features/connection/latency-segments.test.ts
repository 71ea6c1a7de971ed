import { expect, test } from "vitest";
import { latencySegments } from "./latency-segments.ts";

test("the newest sample is at the right edge", () => {
  expect(latencySegments([10, 20], 5)).toEqual([
    [
      { slot: 3, rttMs: 10 },
      { slot: 4, rttMs: 20 },
    ],
  ]);
});

test("time without a connection is a gap", () => {
  const segments = latencySegments([null, 10, null, null, 30], 5);
  expect(segments).toEqual([[{ slot: 1, rttMs: 10 }], [{ slot: 4, rttMs: 30 }]]);
});

test("no more than fits is shown", () => {
  expect(latencySegments([1, 2, 3, 4], 2).flat()).toEqual([
    { slot: 0, rttMs: 3 },
    { slot: 1, rttMs: 4 },
  ]);
});
