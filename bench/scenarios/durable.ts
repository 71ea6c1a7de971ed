import { bareLog } from "../bare-log/contestant.ts";
import type { SendsPlan } from "../bare-log/process.ts";
import type { Community } from "../contestant.ts";
import type { AckedReport } from "../load/acked.ts";
import { fleetPlan } from "../measure.ts";
import { withBoth, type Scenario } from "./scenario.ts";

const messageBytes = 300;

/** W4: every sender waits for the acknowledgement of its message before the next. No other connection receives them. */
export const durable: Scenario = {
  name: "W4",
  title: "durable sends",
  pointName: "senders",
  headline: ["acksPerSecond", "p50Ms", "p99Ms", "cpuShare", "dependencyCpuShare", "cpuUsPerSend"],
  suits: ({ name, isLayout }) => name === "miscord" || name === bareLog.name || isLayout === true,
  async run(contestant, settings, record) {
    const people = Math.max(...settings.durable.senders);
    const everyone: Community = { people, channels: 1, channelOf: () => null, unlimited: true };
    const { warmUpMs, windowMs: durationMs } = settings.timing;
    await withBoth(contestant, everyone, async (running, generator) => {
      const isBare = contestant.name === bareLog.name;
      const fleet = fleetPlan(contestant, running, everyone, { sampleEvery: 1, sampledChannels: [] });
      if (!isBare) await generator.call("open", fleet);
      for (const senders of settings.durable.senders) {
        const plan: SendsPlan = { senders, messageBytes, warmUpMs, durationMs };
        const channel = running.channels[0] ?? 0;
        const report = isBare
          ? await running.process.request<AckedReport>(plan)
          : await generator.call("acked", { ...plan, channel, pids: running.pids });
        record(senders, figuresOfAcked(report));
      }
    });
  },
};

function figuresOfAcked(report: AckedReport): Record<string, number> {
  const { p50, p95, p99, max } = report.ackMs;
  return {
    acksPerSecond: report.acksPerSecond,
    p50Ms: p50,
    p95Ms: p95,
    p99Ms: p99,
    maxMs: max,
    cpuShare: report.serverCpuShare,
    dependencyCpuShare: report.dependencyCpuShare,
    cpuUsPerSend: (report.serverCpuShare * 1e6) / report.acksPerSecond,
    refused: Object.values(report.refusals).reduce((sum, count) => sum + count, 0),
    generatorCpuShare: report.generator.cpuShare,
  };
}
