import { join } from "node:path";
import { expect, test } from "vitest";
import { contestants, reports, scoreOf } from "./evaluate.ts";
import { readSeries } from "./read-series.ts";

test("one fixed threshold scores at least 60 on the benchmark's series, and 15 more than either baseline", () => {
  const folder = join(import.meta.dirname, "nab");
  const corpus = readSeries(join(folder, "data"), join(folder, "windows.json"));
  const [own, ...others] = contestants(corpus).map(({ scores, threshold }) => scoreOf(scores, threshold, corpus));
  expect(own).toBeGreaterThanOrEqual(60);
  expect(own! - Math.max(...others)).toBeGreaterThanOrEqual(15);
});

test("a score is reported once: while it lasts only a higher one is, until some time has passed", () => {
  const lasting = Array.from({ length: 182 }, () => 0.6);
  const reported = reports([0.1, 0.7, 0.6, 0.8, ...lasting]).flatMap((score, index) => (score > 0 ? [index] : []));
  expect(reported.slice(0, 4)).toEqual([0, 1, 3, 184]);
});
