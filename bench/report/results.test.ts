import { expect, test } from "vitest";
import { Gathered } from "./results.ts";

test("a figure is the median of its runs, with the lowest and the highest", () => {
  const gathered = new Gathered();
  for (const value of [3, 1, 100]) gathered.add({ name: "a", label: "A" }, 50, { cost: value });
  gathered.add({ name: "b", label: "B" }, 50, { cost: 7 });
  expect(gathered.entries()).toEqual([
    { contestant: "a", label: "A", point: 50, runs: 3, median: { cost: 3 }, spread: { cost: [1, 100] } },
    { contestant: "b", label: "B", point: 50, runs: 1, median: { cost: 7 }, spread: { cost: [7, 7] } },
  ]);
});
