import type { MonitorSample } from "@miscord/protocol";
import { describe, expect, test } from "vitest";
import type { SeriesSpec } from "./charts.ts";
import { highest, isolated, lowest, toColumns, toRows } from "./columns.ts";

const sample = (at: number, changes: Partial<MonitorSample> = {}) => ({ at, seconds: 5, ...changes }) as MonitorSample;
const series: SeriesSpec[] = [
  { id: "main", value: (each) => each.main_connections },
  { id: "p99", value: (each) => each.latency_p99 },
];

describe("the lines of a graph", () => {
  test("have one value for each sample", () => {
    const samples = [
      sample(5, { main_connections: 1, latency_p99: 0.1 }),
      sample(10, { main_connections: 2, latency_p99: null }),
    ];
    expect(toColumns(samples, series)).toEqual([
      [5, 10],
      [1, 2],
      [0.1, null],
    ]);
  });

  test("break where samples are missing, but not where a timer was late", () => {
    const samples = [
      sample(5, { main_connections: 1 }),
      sample(12, { main_connections: 2, seconds: 7 }),
      sample(600, { main_connections: 3 }),
    ];
    const [times, connections] = toColumns(samples, series.slice(0, 1));
    expect(times).toEqual([5, 12, 12.001, 600]);
    expect(connections).toEqual([1, 2, null, 3]);
  });

  test("do not break where one-minute samples change to five-second samples", () => {
    const samples = [sample(60, { seconds: 60 }), sample(120, { seconds: 60 }), sample(125)];
    expect(toColumns(samples, [])[0]).toEqual([60, 120, 125]);
  });

  test("have a dot for a value between two gaps", () => {
    expect(isolated([1, null, 2, 3, null, 4, undefined])).toEqual([0, 5]);
  });
});

test("a graph's table has the highest value of each period, latest first", () => {
  const samples = [
    sample(61, { main_connections: 1, latency_p99: null }),
    sample(70, { main_connections: 9, latency_p99: null }),
    sample(121, { main_connections: 2, latency_p99: 0.2 }),
  ];
  expect(toRows(samples, series, 60)).toEqual([
    { at: 120, values: [2, 0.2] },
    { at: 60, values: [9, null] },
  ]);
});

test("the highest and lowest value ignore missing samples", () => {
  expect([highest([null, 3, 0, null]), lowest([null, 3, 0, null])]).toEqual([3, 0]);
  expect([highest([null]), lowest([])]).toEqual([null, null]);
});
