// node scripts/test-budget.ts: compares the minutes of the last `npm test` with test-budget.json.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export interface Suite {
  name: string;
  minutes: number;
  /** Test files with their wall time, in any order. */
  files: readonly { path: string; seconds: number }[];
}

const slowestShown = 3;

/** A table of the suites, then a warning line for each that took longer than its budget. */
export function budgetReport(suites: readonly Suite[], budgets: Readonly<Record<string, number>>): string[] {
  const rows = suites.map(({ name, minutes }) => row(name, minutes.toFixed(1), budgetOf(name, budgets).toFixed(1)));
  const late = suites.filter(({ name, minutes }) => minutes > budgetOf(name, budgets));
  return [row("suite", "minutes", "budget"), ...rows, ...late.map((suite) => warning(suite, budgets))];
}

function budgetOf(name: string, budgets: Readonly<Record<string, number>>): number {
  const budget = budgets[name];
  if (budget === undefined) throw new Error(`test-budget.json has no minutes for the suite "${name}"`);
  return budget;
}

function row(name: string, minutes: string, budget: string): string {
  return `${name.padEnd(8)} ${minutes.padStart(8)} ${budget.padStart(8)}`;
}

function warning({ name, minutes, files }: Suite, budgets: Readonly<Record<string, number>>): string {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestShown);
  const named = slowest.map(({ path, seconds }) => `${path} (${Math.round(seconds)} s)`);
  const detail = named.length > 0 ? `; slowest: ${named.join(", ")}` : "";
  return `warning: ${name} took ${minutes.toFixed(1)} min, its budget is ${budgetOf(name, budgets).toFixed(1)}${detail}`;
}

interface VitestReport {
  testResults: { name: string; startTime: number; endTime: number }[];
}

function filesOf(report: string, root: string): Suite["files"] {
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as VitestReport;
  return testResults.map(({ name, startTime, endTime }) => ({
    path: relative(root, name),
    seconds: (endTime - startTime) / 1_000,
  }));
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const reports = join(root, ".cache", "test-reports");
  const { minutes } = JSON.parse(readFileSync(join(root, "test-budget.json"), "utf8")) as {
    minutes: Record<string, number>;
  };
  const times = JSON.parse(readFileSync(join(reports, "minutes.json"), "utf8")) as Record<string, number>;
  const suites = Object.entries(times).map(([name, taken]) => ({
    name,
    minutes: taken,
    files: filesOf(join(reports, `${name}.json`), root),
  }));
  for (const line of budgetReport(suites, minutes)) console.log(line);
}
