import type { Community } from "../contestant.ts";
import { figuresOf } from "../figures.ts";
import { fleetPlan, measureTraffic } from "../measure.ts";
import { withBoth, type Scenario } from "./scenario.ts";

const reactionEvery = 5;

/** W2: many channels at once, with typing, reactions and presence. */
export const community: Scenario = {
  name: "W2",
  title: "a community",
  pointName: "messages/s",
  headline: ["cpuShare", "eventsPerSecond", "p50Ms", "p99Ms", "bytesPerDelivery", "loopLagP99Ms"],
  suits: () => true,
  async run(contestant, settings, record) {
    const { people, channels, messagesPerChannel, presenceShare, warmUpMs } = settings.community;
    const perChannel = people / channels;
    const everyone: Community = { people, channels, channelOf: (person) => Math.floor(person / perChannel) };
    await withBoth(contestant, everyone, async (running, generator) => {
      // One sampled reader in every channel.
      const sampling = { sampleEvery: perChannel, sampledChannels: [] };
      await generator.call("open", fleetPlan(contestant, running, everyone, sampling));
      await generator.call("settle", { limitMs: settings.settleLimitMs });
      const messagesPerSecond = channels * messagesPerChannel;
      const traffic = {
        messagesPerSecond,
        channels: running.channels,
        typing: true,
        reactionEvery,
        presencePerSecond: people * presenceShare,
        heartbeatMs: contestant.heartbeatMs,
      };
      const measured = await measureTraffic(generator, running, traffic, { ...settings.timing, warmUpMs });
      const seen = Object.values(measured.arrivals).reduce((sum, count) => sum + count, 0);
      const eventsPerSecond = (seen * perChannel * 1000) / measured.durationMs;
      record(messagesPerSecond, { ...figuresOf(measured, messagesPerSecond * perChannel), eventsPerSecond });
    });
  },
};
