import type { Community } from "../contestant.ts";
import { figuresOf, isHeld } from "../figures.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import { withBoth, type Scenario } from "./scenario.ts";

const slowRate = 5;

/** W1: everyone in one channel; the authors rotate over all connections. */
export const busyChannel: Scenario = {
  name: "W1",
  title: "one busy channel",
  pointName: "messages/s",
  headline: [
    "cpuUsPerDelivery",
    "cpuShare",
    "deliveriesPerSecond",
    "p50Ms",
    "p99Ms",
    "bytesPerDelivery",
    "loopLagP99Ms",
  ],
  suits: () => true,
  async run(contestant, settings, record) {
    const { people, rates, climb, slowWindowMs } = settings.busyChannel;
    const community: Community = { people, channels: 1, channelOf: () => 0 };
    await withBoth(contestant, community, async (running, generator) => {
      await generator.call("open", fleetPlan(contestant, running, community, { sampleEvery: 20, sampledChannels: [] }));
      await generator.call("settle", { limitMs: settings.settleLimitMs });
      let held = true;
      for (const rate of [...rates, ...climb]) {
        if (!held && !rates.includes(rate)) break;
        const traffic = { messagesPerSecond: rate, channels: running.channels, heartbeatMs: contestant.heartbeatMs };
        const timing = rate < slowRate ? { ...settings.timing, windowMs: slowWindowMs } : settings.timing;
        const figures = figuresOf(await measureTraffic(generator, running, traffic, timing), rate * people);
        record(rate, { ...figures });
        held = isHeld(figures);
        if (figures.missing > 0) break;
      }
    });
  },
};
