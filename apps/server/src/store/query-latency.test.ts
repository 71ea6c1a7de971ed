import { beforeEach, expect, test, vi } from "vitest";
import { QueryLatency } from "./query-latency.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  return () => vi.useRealTimers();
});

const after = (ms: number) => () => Promise.resolve(vi.advanceTimersByTime(ms));

test("the latency of a database is that of its latest query, and null before the first and after one that failed", async () => {
  const latency = new QueryLatency();
  expect(latency.latencyMs).toBeNull();
  await latency.measure(after(20));
  expect(latency.latencyMs).toBe(20);
  await latency.measure(after(3));
  expect(latency.latencyMs).toBe(3);
  await expect(latency.measure(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(latency.latencyMs).toBeNull();
});

test("the latency of a database that hangs rises while its answer is awaited", async () => {
  const latency = new QueryLatency();
  await latency.measure(after(3));
  const { promise, resolve } = Promise.withResolvers<void>();
  const asking = latency.measure(() => promise);
  vi.advanceTimersByTime(20);
  expect(latency.latencyMs).toBe(20);
  resolve();
  await asking;
});
