import type { MonitorHistory } from "@miscord/protocol";
import { rowOf, type LoadRow } from "../../apps/server/src/monitoring/analysis/capacity/load-rows.ts";
import type { Community, Running } from "../contestant.ts";
import { figuresOf } from "../figures.ts";
import { Generator } from "../generator.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import { miscordContestants, startMiscord } from "../miscord.ts";
import { askMonitor } from "./monitor.ts";

/** What each of the simulated people does in a second: as in W2. */
const perPerson = { messages: 0.25, presence: 0.02 };
const fixedChannels = 10;
/** A delivery that takes longer is late, unless the generator was: the dashboard's alert for latency. */
const latestMs = 250;
const [contestant] = miscordContestants as [(typeof miscordContestants)[number]];

export interface LevelOptions {
  /** People of one channel; 0: all are in the same ten channels, however many they are. */
  readonly readers: number;
  readonly windowMs: number;
}

/** What the server noted of itself with so many people, and whether they were served. */
export interface Level {
  readonly people: number;
  readonly rows: readonly LoadRow[];
  /** Busy share of the event loop, and cores. */
  readonly loop: number;
  readonly cpu: number;
  readonly keepsUp: boolean;
}

function communityOf(people: number, readers: number): Community {
  const channels = readers === 0 ? fixedChannels : Math.max(1, Math.round(people / readers));
  return { people, channels, channelOf: (person) => person % channels, unlimited: true };
}

/** Starts a server for so many people. */
export function startFor(people: number, readers: number, prepare: (dataDir: string) => Promise<void>) {
  return startMiscord({}, communityOf(people, readers), prepare);
}

/** Drives a running server with its people for some seconds. */
export async function measureLevel(running: Running, people: number, options: LevelOptions): Promise<Level> {
  const community = communityOf(people, options.readers);
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
    const timing = { warmUpMs: 2_000, windowMs: options.windowMs, drainMs: 5_000 };
    const measured = await measureTraffic(generator, running, traffic, timing);
    const to = from + (timing.warmUpMs + timing.windowMs) / 1_000;
    const { samples } = await askMonitor<MonitorHistory>(running, "history?range=15m");
    const within = samples.filter(({ at, seconds }) => at - seconds >= from + 1 && at <= to + 0.5);
    const figures = figuresOf(measured, (messagesPerSecond * people) / community.channels);
    const rows = within.map((sample) => rowOf([sample]));
    const mean = (value: (row: LoadRow) => number) => rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
    const [loop, cpu] = [mean((row) => row.loop), mean((row) => row.cpu)];
    const isLate = figures.p99Ms > latestMs && figures.generatorBound === 0;
    const keepsUp = !isLate || figures.deliveriesPerSecond > figures.offeredPerSecond * 0.95;
    const served = `p99 ${Math.round(figures.p99Ms)} ms, ${keepsUp ? "keeps up" : "falls behind"}`;
    const share = (value: number) => value.toFixed(2);
    const note = figures.generatorBound ? ", and was late" : "";
    console.log(
      `${people} people: event loop ${share(loop)}, cpu ${share(cpu)}, ${served}; generator ${share(figures.generatorCpuShare)}${note}`,
    );
    return { people, rows, loop, cpu, keepsUp };
  } finally {
    await generator.end();
  }
}
