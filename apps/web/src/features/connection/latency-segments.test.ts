import { expect, test } from "vitest";
import { latencySegments } from "./latency-segments.ts";

test("the latency graph has its newest sample at the right edge", () => {
  expect(latencySegments([10, 20], 5)).toEqual([
    [
      { slot: 3, rttMs: 10 },
      { slot: 4, rttMs: 20 },
    ],
  ]);
});

test("the latency graph has a gap for time without a connection", () => {
  const segments = latencySegments([null, 10, null, null, 30], 5);
  expect(segments).toEqual([[{ slot: 1, rttMs: 10 }], [{ slot: 4, rttMs: 30 }]]);
});

test("the latency graph shows only the newest samples that fit", () => {
  expect(latencySegments([1, 2, 3, 4], 2).flat()).toEqual([
    { slot: 0, rttMs: 3 },
    { slot: 1, rttMs: 4 },
  ]);
});
