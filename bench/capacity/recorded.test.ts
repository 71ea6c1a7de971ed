import { readFileSync } from "node:fs";
import { fitCosts, useOf, type CostRow } from "@miscord/analysis";
import { expect, test } from "vitest";
import { benchmarked } from "../../apps/server/src/monitoring/analysis/capacity/estimate.ts";

interface Entry {
  contestant: string;
  point: number;
  median: { cpuShare: number; deliveriesPerSecond: number; framesPerDelivery: number };
}

const people = 1_000;
const heartbeatS = 15;
const { entries } = JSON.parse(readFileSync(new URL("../results/curve.json", import.meta.url), "utf8")) as {
  entries: Entry[];
};

/** One busy channel at one rate, as the benchmark measured it on a machine with nothing else to do. */
function rowOf({ point, median: { cpuShare, deliveriesPerSecond: deliveries, framesPerDelivery } }: Entry): CostRow {
  const commands = point + people / heartbeatS;
  return { counts: [people, 0, commands, 0, deliveries * framesPerDelivery, deliveries], used: cpuShare };
}

test("costs that a server shows at a quarter of a core tell its use up to three quarters, at most 35 % off", () => {
  const rows = entries.filter(({ contestant }) => contestant === "miscord").map(rowOf);
  const light = rows.filter(({ used }) => used < 0.27);
  const heavy = rows.filter(({ used }) => used >= 0.27);
  expect(light.length).toBeGreaterThanOrEqual(4);
  expect(heavy.length).toBeGreaterThanOrEqual(4);
  const costs = fitCosts(light, benchmarked);
  for (const { counts, used } of heavy) {
    expect(useOf(costs, counts) / used).toBeGreaterThan(0.85);
    expect(useOf(costs, counts) / used).toBeLessThan(1.35);
  }
});
