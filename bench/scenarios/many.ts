import type { Community, Contestant, Running } from "../contestant.ts";
import { figuresOf } from "../figures.ts";
import type { Generator } from "../generator.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import { readProcs } from "../proc.ts";
import type { Settings } from "../settings.ts";
import { withBoth, type Scenario } from "./scenario.ts";

/** W3: many idle connections and one quiet channel; then the server is killed and all connections reconnect. */
export const many: Scenario = {
  name: "W3",
  title: "many connections",
  pointName: "connections",
  headline: ["rssPerConnectionBytes", "cpuShare", "p50Ms", "p99Ms", "openedMs", "backP50Ms", "allBackMs"],
  // Without load the two plain ws peers do not differ.
  suits: ({ name, isPeer }, { many: { oursOnly } }) =>
    name === "miscord" || (isPeer && !oursOnly && name !== "ws-each"),
  async run(contestant, settings, record) {
    const { people, channels } = settings.many;
    const everyone: Community = { people, channels, channelOf: (person) => person % channels };
    await withBoth(contestant, everyone, async (running, generator) => {
      const before = readProcs(running.pids.servers).rssBytes;
      const sampling = { sampleEvery: 20, sampledChannels: running.channels.slice(0, 1) };
      const { openedMs } = await generator.call("open", fleetPlan(contestant, running, everyone, sampling));
      await generator.call("settle", { limitMs: settings.many.settleLimitMs });
      const atRest = await oneMessageASecond(contestant, settings, running, generator);
      const rssPerConnectionBytes = (readProcs(running.pids.servers).rssBytes - before) / people;
      const reconnects = await killed(settings, running, generator);
      const after = await oneMessageASecond(contestant, settings, running, generator);
      const missing = atRest.missing + after.missing;
      record(people, { ...atRest, missing, openedMs, rssPerConnectionBytes, ...reconnects });
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
  const { reconnectLimitMs: limitMs } = settings.many;
  const reconnects = await generator.call("awaitReconnects", { readyAt: Date.now(), limitMs });
  return {
    notBack: reconnects.lost - reconnects.back,
    backP50Ms: reconnects.backMs.p50,
    allBackMs: reconnects.backMs.max,
    dialAttempts: reconnects.attempts,
  };
}
