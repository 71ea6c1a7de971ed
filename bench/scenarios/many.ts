import type { Community, Contestant, Running } from "../contestant.ts";
import { figuresOf } from "../figures.ts";
import type { Generator } from "../generator.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import { readProc } from "../proc.ts";
import type { Settings } from "../settings.ts";
import { withBoth, type Scenario } from "./scenario.ts";

/** W3: many idle connections and one quiet channel; then the server is killed and all come back. */
export const many: Scenario = {
  name: "W3",
  title: "many connections",
  pointName: "connections",
  headline: ["rssPerConnectionBytes", "cpuShare", "p50Ms", "p99Ms", "openedMs", "backP50Ms", "allBackMs"],
  // At rest the two kinds of plain ws are the same.
  suits: ({ name, isPeer }, { many: { oursOnly } }) =>
    name === "miscord" || (isPeer && !oursOnly && name !== "ws-each"),
  async run(contestant, settings, record) {
    const { people, channels } = settings.many;
    const everyone: Community = { people, channels, channelOf: (person) => person % channels };
    await withBoth(contestant, everyone, async (running, generator) => {
      const before = readProc(running.pid).rssBytes;
      const sampling = { sampleEvery: 20, sampledChannels: running.channels.slice(0, 1) };
      const { openedMs } = await generator.call("open", fleetPlan(contestant, running, everyone, sampling));
      await generator.call("settle", { limitMs: settings.many.settleLimitMs });
      const atRest = await oneMessageASecond(contestant, settings, running, generator);
      const rssPerConnectionBytes = (readProc(running.pid).rssBytes - before) / people;
      const comeback = await killed(settings, running, generator);
      const after = await oneMessageASecond(contestant, settings, running, generator);
      const missing = atRest.missing + after.missing;
      record(people, { ...atRest, missing, openedMs, rssPerConnectionBytes, ...comeback });
    });
  },
};

async function oneMessageASecond(contestant: Contestant, settings: Settings, running: Running, generator: Generator) {
  const traffic = { messagesPerSecond: 1, channels: running.channels.slice(0, 1), heartbeatMs: contestant.heartbeatMs };
  const timing = { ...settings.timing, windowMs: settings.busyChannel.slowWindowMs };
  const listeners = settings.many.people / settings.many.channels;
  return figuresOf(await measureTraffic(generator, running, traffic, timing), listeners);
}

async function killed(settings: Settings, running: Running, generator: Generator) {
  await generator.call("expectLoss", null);
  await running.killAndRestart(settings.many.outageMs);
  const { comebackLimitMs: limitMs } = settings.many;
  const comeback = await generator.call("awaitComeback", { readyAt: Date.now(), limitMs });
  return {
    notBack: comeback.lost - comeback.back,
    backP50Ms: comeback.backMs.p50,
    allBackMs: comeback.backMs.max,
    dialAttempts: comeback.attempts,
  };
}
