import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { TokenBuckets } from "./token-buckets.ts";

test("a token bucket allows its burst at once, then refills at its rate, separately for each key", () => {
  const clock = new ManualClock();
  const buckets = new TokenBuckets({ perSecond: 10, burst: 3 }, clock);
  expect([1, 2, 3].map(() => buckets.take("a"))).toEqual([0, 0, 0]);
  expect(buckets.take("a")).toBe(100);
  expect(buckets.take("b")).toBe(0);
  clock.advance(60);
  expect(buckets.take("a")).toBe(40);
  clock.advance(40);
  expect(buckets.take("a")).toBe(0);
  clock.advance(10_000);
  expect([1, 2, 3, 4].map(() => buckets.take("a"))).toEqual([0, 0, 0, 100]);
});

test("a refused spend carries the milliseconds until the next token", () => {
  const buckets = new TokenBuckets({ perSecond: 0.5, burst: 1 }, new ManualClock());
  buckets.spend("a");
  expect(() => buckets.spend("a")).toThrow(expect.objectContaining({ code: "rate_limited", retryAfterMs: 2_000 }));
});

test("a refunded token can be spent again, but a bucket never holds more than its burst", () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 2 }, new ManualClock());
  buckets.refund("a");
  expect([1, 2].map(() => buckets.take("a"))).toEqual([0, 0]);
  buckets.refund("a");
  expect(buckets.take("a")).toBe(0);
  expect(buckets.take("a")).toBeGreaterThan(0);
});

test("above the limit of keys the least recently used buckets are dropped", () => {
  const buckets = new TokenBuckets({ perSecond: 0.001, burst: 1 }, new ManualClock());
  for (let key = 0; key < 100_002; key += 1) buckets.take(key);
  expect(buckets.take(0)).toBe(0);
  expect(buckets.take(100_001)).toBeGreaterThan(0);
});

test("what is charged afterwards may leave a debt, which the next ones wait for", () => {
  const clock = new ManualClock();
  const buckets = new TokenBuckets({ perSecond: 10, burst: 10 }, clock);
  buckets.charge("a", 30);
  expect(buckets.waitMs("a")).toBe(2_100);
  expect(buckets.waitMs("b")).toBe(0);
  clock.advance(2_100);
  expect(buckets.take("a")).toBe(0);
});
