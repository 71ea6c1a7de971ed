import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { budgetReport } from "./test-budget.ts";

const budgets = { code: 5, calls: 2 };

test("the report of suites within their budget is a table without a warning", () => {
  const report = budgetReport([{ name: "code", minutes: 4.96, files: [] }], budgets);
  expect(report).toEqual(["suite     minutes   budget", "code          5.0      5.0"]);
});

test("a suite over its budget gets a warning that names its three slowest files, the slowest first", () => {
  const files = [12, 40, 30, 20].map((seconds) => ({ path: `${seconds}.test.ts`, seconds }));
  const report = budgetReport(
    [
      { name: "code", minutes: 1, files: [] },
      { name: "calls", minutes: 2.5, files },
    ],
    budgets,
  );
  expect(report.at(-1)).toBe(
    "warning: calls took 2.5 min, its budget is 2.0; slowest: 40.test.ts (40 s), 30.test.ts (30 s), 20.test.ts (20 s)",
  );
  expect(report.filter((line) => line.startsWith("warning"))).toHaveLength(1);
});

test("a suite that the budget does not name is an error", () => {
  expect(() => budgetReport([{ name: "new", minutes: 1, files: [] }], budgets)).toThrow('the suite "new"');
});

test("the budgets of all suites are under 30 minutes, the longest of those at the same time counted alone", () => {
  const { minutes } = JSON.parse(readFileSync(new URL("../test-budget.json", import.meta.url), "utf8")) as {
    minutes: Record<string, number>;
  };
  const { check = 0, code = 0, chaos = 0, ...others } = minutes;
  expect(Object.values(others).reduce((sum, one) => sum + one, Math.max(check, code, chaos))).toBeLessThan(30);
});
