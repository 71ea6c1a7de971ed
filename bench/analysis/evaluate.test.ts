import { join } from "node:path";
import { expect, test } from "vitest";
import { contestants, scoreOf } from "./evaluate.ts";
import { readSeries } from "./read-series.ts";

test("one fixed threshold scores at least 60 on the benchmark's series, and 15 more than either baseline", () => {
  const folder = join(import.meta.dirname, "nab");
  const corpus = readSeries(join(folder, "data"), join(folder, "windows.json"));
  const [own, ...others] = contestants(corpus).map(({ scores, threshold }) => scoreOf(scores, threshold, corpus));
  expect(own).toBeGreaterThanOrEqual(60);
  expect(own! - Math.max(...others)).toBeGreaterThanOrEqual(15);
}, 120_000);
