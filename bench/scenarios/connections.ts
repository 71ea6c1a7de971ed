import { setTimeout as sleep } from "node:timers/promises";
import type { Community, Contestant, Running } from "../contestant.ts";
import { busyShare, figuresOf } from "../figures.ts";
import { Generator } from "../generator.ts";
import type { ArrivalReport } from "../load/arrivals.ts";
import type { FleetPlan } from "../load/fleet.ts";
import { fleetPlan, measureTraffic, quietTraffic } from "../measure.ts";
import { readProcs, titled } from "../proc.ts";
import type { Settings } from "../settings.ts";
import { withBoth, type Scenario } from "./scenario.ts";

/** Eight workers with 20,000 files each carry no more, one of them gone. */
export const connectionsMost = 130_000;
const unmeasured = { servers: [], dependencies: [] };
/** After this time every generator has noticed the connections that it lost. */
const noticeMs = 2_000;

/** As many idle connections as several workers carry; then one worker is killed, and its connections reconnect. */
export const connections: Scenario = {
  name: "connections",
  title: "as many connections as one machine carries",
  pointName: "connections",
  headline: [
    "connected",
    "rssPerConnectionBytes",
    "cpuShare",
    "generatorCpuShare",
    "p99Ms",
    "openedMs",
    "lost",
    "allBackMs",
  ],
  suits: ({ name }) => name === "miscord-workers-8",
  async run(contestant, settings, record) {
    const { loads, peoplePerServer, perGenerator } = settings.connections;
    const channelOf = (person: number) => Math.floor(person / peoplePerServer);
    for (const { people, heartbeatS } of loads) {
      if (people > connectionsMost) throw new Error(`at most ${connectionsMost} connections`);
      const everyone: Community = { people, channels: 1, peoplePerServer, heartbeatS, channelOf };
      await withBoth(contestant, everyone, async (running, generator) => {
        const others = Array.from({ length: Math.ceil(people / perGenerator) - 1 }, () => new Generator());
        try {
          const run = new Run({ contestant, settings, running, everyone, generators: [generator, ...others] });
          record(people, await run.figures());
        } finally {
          await Promise.all(others.map((other) => other.end()));
        }
      });
    }
  },
};

interface RunOptions {
  contestant: Contestant;
  settings: Settings;
  running: Running;
  everyone: Community;
  /** As many as the connections need. */
  generators: readonly Generator[];
}

class Run {
  readonly #options: RunOptions;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async figures(): Promise<Record<string, number>> {
    const { settings, everyone } = this.#options;
    const { settleLimitMs } = settings.connections;
    const before = this.#rssBytes();
    const { connected, openedMs } = await this.#arrive();
    await this.#all((generator) => generator.call("settle", { limitMs: settleLimitMs }));
    const atRest = await this.#atRest();
    const rssPerConnectionBytes = (this.#rssBytes() - before) / connected;
    const back = await this.#killWorker();
    const after = await this.#atRest();
    const missing = atRest.missing + after.missing;
    const notConnected = everyone.people - connected;
    return { ...atRest, missing, connected, notConnected, openedMs, rssPerConnectionBytes, ...back };
  }

  async #arrive(): Promise<{ connected: number; openedMs: number }> {
    const { settings, contestant, running, everyone } = this.#options;
    const { perGenerator, arrivalLimitMs: limitMs } = settings.connections;
    const sampling = { sampleEvery: 20, sampledChannels: running.channels.slice(0, 1) };
    const plan = fleetPlan(contestant, running, everyone, sampling);
    const part = (index: number): FleetPlan => {
      const clients = plan.clients.slice(index * perGenerator, (index + 1) * perGenerator);
      return { ...plan, clients };
    };
    const reports = await this.#all((generator, index) => generator.call("arrive", { ...part(index), limitMs }));
    tellFailures(reports);
    const connected = sum(reports.map((report) => report.connected));
    if (connected === 0) throw new Error("nobody could connect");
    return { connected, openedMs: Math.max(...reports.map(({ openedMs }) => openedMs)) };
  }

  /** One message a second in one channel, and everybody's heartbeats. The first generator measures. */
  async #atRest(): Promise<Record<string, number> & { missing: number }> {
    const { settings, running, generators } = this.#options;
    const [first, ...others] = generators;
    const timing = { ...settings.timing, windowMs: settings.busyChannel.slowWindowMs };
    const traffic = { channels: running.channels.slice(0, 1), heartbeatMs: this.#heartbeatMs };
    await Promise.all(others.map((other) => this.#beat(other)));
    const measured = await measureTraffic(first!, running, traffic, timing);
    const beside = await Promise.all(others.map((other) => other.call("closeWindow", { drainMs: 0 })));
    const figures = figuresOf(measured, settings.connections.peoplePerServer);
    const refused = figures.refused + sum(beside.flatMap(({ refusals }) => Object.values(refusals)));
    const generatorCpuShare = figures.generatorCpuShare + sum(beside.map(({ generator }) => generator.cpuShare));
    const generatorBound = generatorCpuShare > busyShare ? 1 : figures.generatorBound;
    return { ...figures, refused, generatorCpuShare, generatorBound };
  }

  /** Kills a worker while everybody's heartbeats go on. */
  async #killWorker(): Promise<Record<string, number>> {
    await this.#all((generator) => this.#beat(generator));
    await this.#all((generator) => generator.call("expectLoss", null));
    const { settings, running } = this.#options;
    const [worker] = titled(running.pids.servers, "miscord worker");
    if (worker === undefined) throw new Error("there is no worker to kill");
    const readyAt = Date.now();
    process.kill(worker, "SIGKILL");
    await sleep(noticeMs);
    const { reconnectLimitMs: limitMs } = settings.connections;
    const reports = await this.#all((generator) => generator.call("awaitReconnects", { readyAt, limitMs }));
    await this.#all((generator) => generator.call("closeWindow", { drainMs: 0 }));
    const lost = sum(reports.map((report) => report.lost));
    return {
      lost,
      notBack: lost - sum(reports.map(({ back }) => back)),
      unresumed: sum(reports.map(({ unresumed }) => unresumed)),
      allBackMs: Math.max(...reports.map(({ backMs }) => backMs.max)),
    };
  }

  /** Heartbeats without messages, until the window is closed. */
  async #beat(generator: Generator): Promise<void> {
    await generator.call("start", { ...quietTraffic, messagesPerSecond: 0, heartbeatMs: this.#heartbeatMs });
    await generator.call("openWindow", { pids: unmeasured });
  }

  get #heartbeatMs(): number {
    return (this.#options.everyone.heartbeatS ?? 0) * 1_000;
  }

  #rssBytes(): number {
    return readProcs(this.#options.running.pids.servers).rssBytes;
  }

  #all<T>(call: (generator: Generator, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#options.generators.map(call));
  }
}

/** Names what limits the number of connections. */
function tellFailures(reports: readonly ArrivalReport[]): void {
  const counts = new Map<string, number>();
  for (const { failures } of reports)
    for (const [reason, count] of Object.entries(failures)) counts.set(reason, (counts.get(reason) ?? 0) + count);
  for (const [reason, count] of counts) console.log(`  ${count} times: ${reason}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
