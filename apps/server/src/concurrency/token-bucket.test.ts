import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { TokenBucket } from "./token-bucket.ts";

test("a token bucket allows its burst, refuses above it, and allows again once it has refilled", () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, clock);
  expect([1, 2, 3].map(() => bucket.spend())).toEqual([true, true, false]);
  clock.advance(1_000);
  expect(bucket.spend()).toBe(false);
  clock.advance(2_000);
  expect(bucket.spend()).toBe(true);
});

test("attempts above the rate of a token bucket keep it in debt", () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, clock);
  for (let i = 0; i < 10; i += 1) bucket.spend();
  clock.advance(5_000);
  expect(bucket.spend()).toBe(false);
});
