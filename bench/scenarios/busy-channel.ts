import type { Community, Contestant } from "../contestant.ts";
import { figuresOf, isHeld } from "../figures.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import type { Settings } from "../settings.ts";
import { withBoth, type Recorder, type Scenario } from "./scenario.ts";

const slowRate = 5;
/** Highest rate without batching that one core can write. */
const unbatchedMost = 100;
const headline = [
  "cpuUsPerDelivery",
  "cpuShare",
  "deliveriesPerSecond",
  "p50Ms",
  "p99Ms",
  "bytesPerDelivery",
  "loopLagP99Ms",
];

/** W1: all users in one channel; the authors rotate over all connections. */
export const busyChannel: Scenario = {
  name: "W1",
  title: "one busy channel",
  pointName: "messages/s",
  headline,
  suits: () => true,
  run(contestant, settings, record) {
    const { rates, savingRates, climb } = settings.busyChannel;
    if (contestant.name === "miscord" || contestant.isPeer)
      return atRates([...rates, ...climb], contestant, settings, record);
    return atRates(savingRates, contestant, settings, record);
  },
};

/** W1 at more rates, for Miscord only: cost and latency by rate, with the adaptive flush and without batching. */
export const curve: Scenario = {
  name: "curve",
  title: "the adaptive flush",
  pointName: "messages/s",
  headline,
  suits: ({ isPeer, isLayout, compression }) => !isPeer && !isLayout && !compression,
  run(contestant, settings, record) {
    const rates = settings.curve.filter((rate) => contestant.name === "miscord" || rate <= unbatchedMost);
    return atRates(rates, contestant, settings, record);
  },
};

/** W1 at 30 to 200 messages a second, where the flush interval begins to grow: the share of a core should not fall. */
export const middle: Scenario = {
  name: "middle",
  title: "cost in the middle",
  pointName: "messages/s",
  headline: ["cpuShare", "cpuUsPerDelivery", "p50Ms", "p99Ms"],
  suits: ({ name }) => name === "miscord" || name === "ws-shared" || name === "limit",
  run: (contestant, settings, record) => atRates(settings.busyChannel.middle, contestant, settings, record),
};

/** W1 at rising rates, up to the first that is not held. */
export const breaking: Scenario = {
  name: "break",
  title: "the rate at which its readers fall behind",
  pointName: "messages/s",
  headline: ["cpuShare", "deliveriesPerSecond", "p50Ms", "p99Ms", "generatorCpuShare"],
  suits: ({ name }) => name === "miscord",
  run: (contestant, settings, record) =>
    atRates(settings.busyChannel.breaking, contestant, settings, record, { onlyHeld: true }),
};

/** Stops at the first rate that a peer does not hold: higher rates would only grow its backlog. */
async function atRates(
  rates: readonly number[],
  contestant: Contestant,
  settings: Settings,
  record: Recorder,
  { onlyHeld } = { onlyHeld: contestant.isPeer },
): Promise<void> {
  const { people, slowWindowMs } = settings.busyChannel;
  const community: Community = { people, channels: 1, channelOf: () => 0 };
  await withBoth(contestant, community, async (running, generator) => {
    await generator.call("open", fleetPlan(contestant, running, community, { sampleEvery: 20, sampledChannels: [] }));
    await generator.call("settle", { limitMs: settings.settleLimitMs });
    for (const rate of rates) {
      const traffic = { messagesPerSecond: rate, channels: running.channels, heartbeatMs: contestant.heartbeatMs };
      const timing = rate < slowRate ? { ...settings.timing, windowMs: slowWindowMs } : settings.timing;
      const figures = figuresOf(await measureTraffic(generator, running, traffic, timing), rate * people);
      record(rate, { ...figures });
      if (figures.missing > 0 || (onlyHeld && !isHeld(figures))) break;
    }
  });
}
