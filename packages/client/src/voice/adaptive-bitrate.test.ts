import { expect, test } from "vitest";
import { lowestBitrate, nextBitrate } from "./adaptive-bitrate.ts";

const run = (from: number, ceiling: number, reports: { loss: number; rttMs: number | null }[]) =>
  reports.reduce((bitrate, report) => nextBitrate(bitrate, ceiling, report), from);
const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

test("the bitrate rises to the ceiling on a path without loss and stays there", () => {
  expect(run(lowestBitrate, 64_000, times(20, { loss: 0, rttMs: 30 }))).toBe(64_000);
});

test("the bitrate falls under loss to the lowest bitrate and no further", () => {
  expect(run(64_000, 64_000, times(1, { loss: 0.2, rttMs: 30 }))).toBe(44_800);
  expect(run(64_000, 64_000, times(20, { loss: 0.2, rttMs: 30 }))).toBe(lowestBitrate);
});

test("a long round trip lowers the bitrate and an unknown one does not", () => {
  expect(nextBitrate(48_000, 64_000, { loss: 0, rttMs: 900 })).toBeLessThan(48_000);
  expect(nextBitrate(48_000, 64_000, { loss: 0, rttMs: null })).toBeGreaterThan(48_000);
});

test("a lowered ceiling limits the bitrate at once", () => {
  expect(nextBitrate(64_000, 32_000, { loss: 0, rttMs: 20 })).toBe(32_000);
});
