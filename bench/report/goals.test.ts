import { expect, test } from "vitest";
import { machineFacts } from "../machine.ts";
import { goalTable } from "./goals.ts";
import type { Numbers, Results } from "./results.ts";
import type { AllResults } from "./targets.ts";

const none: AllResults = {
  busy: null,
  community: null,
  many: null,
  durable: null,
  curve: null,
  middle: null,
  breaking: null,
  connections: null,
  start: null,
};

function results(day: string, medians: readonly [contestant: string, point: number, median: Numbers][]): Results {
  const entries = medians.map(([contestant, point, median]) => {
    return { contestant, label: contestant, point, runs: 1, median, spread: {} };
  });
  const text = { workload: "", title: "", pointName: "", command: "", settings: {} };
  return { ...text, measuredAt: `${day}T00:00:00.000Z`, machine: machineFacts(), entries };
}

function row(all: Partial<AllResults>, what: string): string {
  const rows = goalTable({ ...none, ...all }).split("\n");
  return rows.find((line) => line.includes(what)) ?? "";
}

test("a goal tells what the benchmark measured, or was measured beside a former version", () => {
  const atRest = (day: string) => ({ many: results(day, [["miscord", 10_000, { cpuShare: 0.07 }]]) });
  expect(row({}, "W3 at rest")).toMatch(/\|  \| not measured \|$/);
  expect(row(atRest("2030-01-01"), "W3 at rest")).toMatch(/\| 7 % \(2030-01-01\) \| met \|$/);
  expect(row({}, "5/s and below")).toMatch(/\| met \|$/);
  expect(row({}, "eight workers, heartbeats every 15 s")).toMatch(/\|  \| not measured \|$/);
});

test("the share of a core may fall by a tenth while the rate rises, and no more", () => {
  const at = (shares: readonly [number, number][]) => ({
    middle: results(
      "2030-01-01",
      shares.map(([rate, cpuShare]) => ["miscord", rate, { cpuShare }]),
    ),
  });
  const what = "share of a core from 30/s";
  expect(
    row(
      at([
        [30, 0.4],
        [50, 0.5],
        [100, 0.46],
        [200, 0.6],
      ]),
      what,
    ),
  ).toContain("falls by 8 % (2030-01-01) | met");
  expect(
    row(
      at([
        [30, 0.4],
        [50, 0.7],
        [100, 0.34],
        [200, 0.37],
      ]),
      what,
    ),
  ).toContain("34 % at 100/s: falls by 51 %");
  // Rates outside of the goal do not count.
  expect(
    row(
      at([
        [5, 0.9],
        [30, 0.4],
        [200, 0.5],
        [300, 0.1],
      ]),
      what,
    ),
  ).toContain("never falls (2030-01-01) | met");
});

test("one connection that is missing, or that could not resume, misses the goal", () => {
  const whole = { connected: 50_000, notConnected: 0, lost: 6_000, notBack: 0, unresumed: 0, allBackMs: 4_000 };
  const at = (median: Numbers) => ({
    connections: results("2030-01-01", [["miscord-workers-8", 50_000, { ...whole, ...median }]]),
  });
  const what = "heartbeats every 15 s";
  expect(row(at({}), what)).toContain("50,000; 6000 lost, 6000 resumed, the last after 4.0 s (2030-01-01) | met");
  expect(row(at({ notConnected: 1 }), what)).toContain("**missed**");
  expect(row(at({ unresumed: 1 }), what)).toContain("**missed**");
});

test("the share of the bare log needs both in the same results", () => {
  const durable = (medians: readonly [string, number][]) => ({
    durable: results(
      "2030-01-01",
      medians.map(([name, acksPerSecond]) => [name, 1_000, { acksPerSecond }]),
    ),
  });
  expect(row(durable([["miscord", 9_000]]), "W4, 1000 senders")).not.toContain("9000/s");
  expect(
    row(
      durable([
        ["miscord", 9_000],
        ["bare-log", 16_000],
      ]),
      "W4, 1000 senders",
    ),
  ).toContain("0.56 of it, 9000/s");
});

test("there is no verdict on rates that were not tried", () => {
  const quick = { cpuShare: 0.5, p50Ms: 10, p99Ms: 20, deliveriesPerSecond: 100, offeredPerSecond: 100, missing: 0 };
  const slow = { ...quick, p50Ms: 60, p99Ms: 160 };
  const at = (rates: readonly [number, Numbers][]) =>
    results(
      "2030-01-01",
      rates.map(([rate, median]) => ["miscord", rate, median]),
    );
  const middle = "latency between 30/s";
  expect(row({ middle: at([[50, quick]]) }, middle)).toContain("no verdict");
  expect(row({ middle: at([[50, slow]]) }, middle)).toContain("**missed**");
  expect(
    row(
      {
        middle: at([
          [30, quick],
          [75, quick],
        ]),
      },
      middle,
    ),
  ).toContain("| met |");
  const readers = "1000 readers, many";
  expect(row({ breaking: at([[700, quick]]) }, readers)).toContain(
    "nothing above it was tried (2030-01-01) | no verdict",
  );
  expect(
    row(
      {
        breaking: at([
          [700, quick],
          [1_000, slow],
        ]),
      },
      readers,
    ),
  ).toContain("700/s held, not at 1000/s (2030-01-01) | **missed**");
  expect(
    row(
      {
        breaking: at([
          [1_000, quick],
          [1_250, slow],
        ]),
      },
      readers,
    ),
  ).toContain("1000/s held, not at 1250/s (2030-01-01) | met");
});
