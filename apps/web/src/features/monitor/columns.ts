import type { MonitorSample } from "@miscord/protocol";
import type { SeriesSpec } from "./charts.ts";

/** Times in seconds, then the values of each series. Null interrupts the line. */
export type Columns = readonly [times: readonly number[], ...values: (readonly (number | null)[])[]];

/** A sample that covers a smaller share of the time since the previous one leaves a gap: samples are missing. */
const covered = 0.6;

export function toColumns(samples: readonly MonitorSample[], series: readonly SeriesSpec[]): Columns {
  const times: number[] = [];
  const values: (number | null)[][] = series.map(() => []);
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    if (before && sample.seconds < (sample.at - before.at) * covered) {
      times.push(before.at + 0.001);
      for (const column of values) column.push(null);
    }
    times.push(sample.at);
    series.forEach(({ value }, at) => values[at]!.push(value(sample)));
  });
  return [times, ...values];
}

export interface Row {
  /** Start of the period in seconds. */
  at: number;
  /** The highest value of each series; null where nothing was measured. */
  values: (number | null)[];
}

/** Summarises samples in periods of `rowSeconds`, latest first. */
export function toRows(samples: readonly MonitorSample[], series: readonly SeriesSpec[], rowSeconds: number): Row[] {
  const groups = Map.groupBy(samples, ({ at }) => Math.floor(at / rowSeconds) * rowSeconds);
  return [...groups]
    .map(([at, group]) => ({ at, values: series.map(({ value }) => highest(group.map(value))) }))
    .toReversed();
}

export function highest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
}

export function lowest(values: readonly (number | null)[]): number | null {
  return values.reduce((least, value) => (value !== null && (least === null || value < least) ? value : least), null);
}

/** Indices of values between two gaps, which no line segment shows. */
export function isolated(values: readonly (number | null | undefined)[]): number[] {
  const has = (index: number) => values[index] !== null && values[index] !== undefined;
  return values.flatMap((_, index) => (has(index) && !has(index - 1) && !has(index + 1) ? [index] : []));
}
