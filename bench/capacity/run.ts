// node bench/capacity/run.ts: compares the people whom a lightly loaded server says it carries with those who fill it.
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { MonitorHistory } from "@miscord/protocol";
import {
  estimateCapacity,
  fullShare,
  largestCost,
  memoryLimitOf,
} from "../../apps/server/src/monitoring/analysis/capacity/estimate.ts";
import { rowOf, type LoadRow } from "../../apps/server/src/monitoring/analysis/capacity/load-rows.ts";
import { openSqliteStore } from "../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import type { Community } from "../contestant.ts";
import { figuresOf } from "../figures.ts";
import { Generator } from "../generator.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import { miscordContestants, startMiscord } from "../miscord.ts";

const { values: options } = parseArgs({
  options: {
    known: { type: "string", default: "100,200,300" },
    climb: { type: "string", default: "600,900,1200,1500,1800,2100,2400" },
    /** People of one channel; 0: all are in the same ten channels, however many they are. */
    readers: { type: "string", default: "20" },
    seconds: { type: "string", default: "15" },
  },
});
const readers = Number(options.readers);
const windowMs = Number(options.seconds) * 1_000;
const fixedChannels = 10;
/** As in W2. */
const perPerson = { messages: 0.25, presence: 0.02 };
const [contestant] = miscordContestants as [(typeof miscordContestants)[number]];
const [known, climb] = [numbers(options.known), numbers(options.climb)];

interface Level {
  readonly people: number;
  readonly rows: readonly LoadRow[];
  readonly memoryBytes: number;
  readonly p99Ms: number;
  readonly keepsUp: boolean;
}

const learned: Level[] = [];
for (const people of known) learned.push(await measure(people));
const rows = learned.flatMap((level) => level.rows);
// The server is pinned to one core.
const limits = { cores: 1, memoryBytes: learned.at(-1)!.memoryBytes, connections: 1e6 };
const estimate = await estimateCapacity(rows, limits);
const { low, expected, high } = estimate.people;
console.log(`\nlearned from up to ${known.at(-1)} people`);
console.log(`says ${round(expected)} people (${round(low)} to ${round(high)}); first ${estimate.first}`);
console.log(`most of all ${largestCost(estimate)}; ${JSON.stringify(estimate.costs)}`);

const climbed = [...learned];
for (const people of climb) {
  const level = await measure(people);
  climbed.push(level);
  if (Math.max(...busyOf(level)) > 0.97 || !level.keepsUp) break;
}
for (const [index, resource] of ["event_loop", "cpu"].entries()) {
  const told = estimate.limits.find((limit) => limit.resource === resource)!.people;
  const real = crossing(climbed.map((level) => ({ people: level.people, busy: busyOf(level)[index]! })));
  const compared = real === null ? "not reached" : `${round(real)} people: ${(told.expected / real).toFixed(2)}`;
  console.log(
    `${resource}: ${round(told.expected)} (${round(told.low)} to ${round(told.high)}); at ${fullShare}: ${compared}`,
  );
}

async function measure(people: number): Promise<Level> {
  const channels = readers === 0 ? fixedChannels : Math.max(1, Math.round(people / readers));
  const community: Community = { people, channels, channelOf: (person) => person % channels, unlimited: true };
  const running = await startMiscord({}, community, makeAdministrator);
  const generator = new Generator();
  try {
    const sampling = { sampleEvery: Math.max(1, Math.round(people / 50)), sampledChannels: [] };
    await generator.call("open", fleetPlan(contestant, running, community, sampling));
    await generator.call("settle", { limitMs: 10_000 });
    const from = Date.now() / 1_000;
    const messagesPerSecond = people * perPerson.messages;
    const traffic = {
      messagesPerSecond,
      channels: running.channels,
      typing: true,
      reactionEvery: 5,
      presencePerSecond: people * perPerson.presence,
      heartbeatMs: contestant.heartbeatMs,
    };
    const timing = { warmUpMs: 2_000, windowMs, drainMs: 5_000 };
    const measured = await measureTraffic(generator, running, traffic, timing);
    const to = from + (timing.warmUpMs + windowMs) / 1_000;
    const samples = (await history(running.ports[0]!, running.paths[0]!)).samples.filter(
      ({ at, seconds }) => at - seconds >= from + 1 && at <= to + 0.5,
    );
    const figures = figuresOf(measured, (messagesPerSecond * people) / channels);
    const level = {
      people,
      rows: samples.map((sample) => rowOf([sample])),
      memoryBytes: memoryLimitOf(samples),
      p99Ms: figures.p99Ms,
      keepsUp: figures.deliveriesPerSecond > figures.offeredPerSecond * 0.95,
    };
    const [loop, cpu] = busyOf(level);
    console.log(
      `${people} people: event loop ${loop.toFixed(2)}, cpu ${cpu.toFixed(2)}, p99 ${Math.round(level.p99Ms)} ms, ${level.keepsUp ? "keeps up" : "falls behind"}; generator ${figures.generatorCpuShare.toFixed(2)}`,
    );
    return level;
  } finally {
    await generator.end();
    await running.stop();
  }
}

async function makeAdministrator(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  await store.db.updateTable("users").set({ is_admin: 1 }).execute();
  await store.close();
}

async function history(port: number, path: string): Promise<MonitorHistory> {
  const token = new URL(path, "http://127.0.0.1").searchParams.get("token");
  const response = await fetch(`http://127.0.0.1:${port}/api/monitor/history?range=15m`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`the history answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as MonitorHistory;
}

function busyOf({ rows: of }: Level): [loop: number, cpu: number] {
  const mean = (value: (row: LoadRow) => number) => of.reduce((sum, row) => sum + value(row), 0) / of.length;
  return [mean(({ loop }) => loop), mean(({ cpu }) => cpu)];
}

/** The people with whom a resource is full, between the two measurements around it. */
function crossing(levels: readonly { people: number; busy: number }[]): number | null {
  const index = levels.findIndex(({ busy }) => busy >= fullShare);
  if (index < 1) return null;
  const [before, after] = [levels[index - 1]!, levels[index]!];
  const share = (fullShare - before.busy) / (after.busy - before.busy);
  return before.people + (after.people - before.people) * share;
}

function numbers(text: string): number[] {
  return text.split(",").map(Number);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
