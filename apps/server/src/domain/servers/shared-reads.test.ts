import { expect, test } from "vitest";
import { SharedReads } from "./shared-reads.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("a long read is shared by all who ask before it begins, and the next one waits", async () => {
  const running: number[] = [];
  let reads = 0;
  const shared = new SharedReads(async (serverId) => {
    running.push(serverId);
    await sleep(20);
    return (reads += 1);
  });
  const first = shared.read(1);
  await sleep(0);
  // It has begun: what these ask for must be read after they asked.
  const later = Array.from({ length: 50 }, () => shared.read(1));
  expect(await first).toBe(1);
  expect(running).toEqual([1]);
  expect(new Set(await Promise.all(later))).toEqual(new Set([2]));
  expect(running).toEqual([1, 1]);
});

test("a read that fails fails for those who share it, and for nobody else", async () => {
  let reads = 0;
  const shared = new SharedReads(async () => {
    reads += 1;
    if (reads === 1) throw new Error("no");
    return reads;
  });
  const together = [shared.read(1), shared.read(1)];
  for (const read of together) await expect(read).rejects.toThrow("no");
  expect(await shared.read(1)).toBe(2);
});

test("who waits for the next read waits no longer than the longest pause", async () => {
  const shared = new SharedReads(() => sleep(200), { longestPauseMs: 10 });
  await shared.read(1);
  const asked = performance.now();
  await shared.read(1);
  expect(performance.now() - asked).toBeLessThan(2_000);
});
