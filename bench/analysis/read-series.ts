import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Labelled } from "./nab-score.ts";

export interface Series extends Labelled {
  /** Its path, of which the first folder is the group. */
  readonly name: string;
  readonly values: readonly number[];
  /** Seconds since the epoch of each value. */
  readonly times: readonly number[];
}

const windowsFile = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/**
 * Reads the series that a file of windows names, as far as they are in the folder; both as in the Numenta Anomaly
 * Benchmark (`data`, `labels/combined_windows.json`).
 *
 * @throws Error when there is none, or a file cannot be read
 */
export function readSeries(folder: string, file: string): Series[] {
  const labels = windowsFile.parse(JSON.parse(readFileSync(file, "utf8")));
  const found = Object.entries(labels).filter(([name]) => existsSync(join(folder, name)));
  if (found.length === 0) throw new Error(`${folder} has none of the series that ${file} names`);
  return found.map(([name, windows]) => readOne(name, readFileSync(join(folder, name), "utf8"), windows));
}

function readOne(name: string, text: string, windows: readonly (readonly [string, string])[]): Series {
  const rows = text.trim().split(/\r?\n/).slice(1);
  const times = rows.map((row) => secondsOf(row.split(",")[0]!));
  const values = rows.map((row) => Number(row.split(",")[1]));
  if ([...times, ...values].some((each) => !Number.isFinite(each))) throw new Error(`${name} is not a series`);
  const placed = windows.map(([from, to]) => {
    const first = times.findIndex((time) => time >= secondsOf(from));
    const last = times.findLastIndex((time) => time <= secondsOf(to));
    if (first < 0 || last < first) throw new Error(`${name} has no value in its window from ${from} to ${to}`);
    return [first, last] as const;
  });
  return { name, values, times, length: values.length, windows: placed.toSorted((a, b) => a[0] - b[0]) };
}

/** "2014-04-10 16:15:00", with a fraction or without, read as UTC. */
function secondsOf(text: string): number {
  return Math.floor(Date.parse(`${text.trim().slice(0, 19).replace(" ", "T")}Z`) / 1_000);
}
