import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { MachineFacts } from "../machine.ts";

export type Numbers = Readonly<Record<string, number>>;

/** The figures of one contestant at one point of a workload, over all runs. */
export interface Entry {
  contestant: string;
  label: string;
  point: number;
  runs: number;
  median: Numbers;
  /** Lowest and highest value of the runs. */
  spread: Readonly<Record<string, readonly [number, number]>>;
}

export interface Results {
  workload: string;
  title: string;
  pointName: string;
  measuredAt: string;
  command: string;
  machine: MachineFacts;
  settings: unknown;
  entries: readonly Entry[];
}

interface Point {
  label: string;
  point: number;
  runs: Numbers[];
}

/** Collects the runs of one workload. */
export class Gathered {
  #points = new Map<string, Point & { contestant: string }>();

  add(contestant: { name: string; label: string }, point: number, figures: Numbers): void {
    const key = `${contestant.name} ${point}`;
    const gathered = this.#points.get(key) ?? { contestant: contestant.name, label: contestant.label, point, runs: [] };
    gathered.runs.push(figures);
    this.#points.set(key, gathered);
  }

  entries(): Entry[] {
    return [...this.#points.values()].map(({ runs, ...point }) => ({ ...point, runs: runs.length, ...summary(runs) }));
  }
}

function summary(runs: readonly Numbers[]): Pick<Entry, "median" | "spread"> {
  const median: Record<string, number> = {};
  const spread: Record<string, readonly [number, number]> = {};
  for (const name of Object.keys(runs[0] ?? {})) {
    const values = runs.map((run) => run[name] ?? 0).toSorted((a, b) => a - b);
    median[name] = rounded(middle(values));
    spread[name] = [rounded(values[0] ?? 0), rounded(values.at(-1) ?? 0)];
  }
  return { median, spread };
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Four significant digits: more precise than the spread of runs, and short enough to compare files. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

const folder = new URL("../results/", import.meta.url);

export function writeResults(results: Results): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(results.workload), `${JSON.stringify(results, null, 1)}\n`);
}

export function readResults(workload: string): Results | null {
  const file = fileOf(workload);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : null;
}

function fileOf(workload: string): URL {
  return new URL(`${workload.toLowerCase()}.json`, folder);
}
