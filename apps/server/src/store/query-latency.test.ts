import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { QueryLatency } from "./query-latency.ts";

test("the latency of a database is that of its latest query, and null before the first and after one that failed", async () => {
  const latency = new QueryLatency();
  expect(latency.latencyMs).toBeNull();
  await latency.measure(() => sleep(20));
  expect(latency.latencyMs).toBeGreaterThanOrEqual(15);
  await latency.measure(() => Promise.resolve());
  expect(latency.latencyMs).toBeLessThan(15);
  await expect(latency.measure(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(latency.latencyMs).toBeNull();
});

test("the latency of a database that hangs rises while its answer is awaited", async () => {
  const latency = new QueryLatency();
  await latency.measure(() => Promise.resolve());
  const { promise, resolve } = Promise.withResolvers<void>();
  const asking = latency.measure(() => promise);
  await sleep(20);
  expect(latency.latencyMs).toBeGreaterThanOrEqual(15);
  resolve();
  await asking;
});
