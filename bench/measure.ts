import { setTimeout as sleep } from "node:timers/promises";
import type { Community, Contestant, Running } from "./contestant.ts";
import type { Generator } from "./generator.ts";
import type { FleetPlan } from "./load/fleet.ts";
import type { TrafficPlan } from "./load/traffic.ts";
import type { WindowReport } from "./load/window.ts";

/** Lengths of a measurement. */
export interface Timing {
  warmUpMs: number;
  windowMs: number;
  /** How long late arrivals are waited for before they count as missing. */
  drainMs: number;
}

export type Measured = WindowReport & { loopLagP99Ms: number };

const quietTraffic: TrafficPlan = {
  messagesPerSecond: 1,
  channels: [],
  messageBytes: 300,
  typing: false,
  reactionEvery: 0,
  presencePerSecond: 0,
  heartbeatMs: 0,
};

/** One window of steady traffic, after a warm-up that nobody counts. */
export async function measureTraffic(
  generator: Generator,
  running: Running,
  traffic: Partial<TrafficPlan>,
  timing: Timing,
): Promise<Measured> {
  await generator.call("start", { ...quietTraffic, ...traffic });
  await sleep(timing.warmUpMs);
  running.resetLoopLag();
  await generator.call("openWindow", { serverPid: running.pid });
  await sleep(timing.windowMs);
  const loopLagP99Ms = running.loopLagP99Ms();
  const report = await generator.call("closeWindow", { drainMs: timing.drainMs });
  return { ...report, loopLagP99Ms: await loopLagP99Ms };
}

/** Every person's client, connected to where the running server wants it. */
export function fleetPlan(
  contestant: Contestant,
  running: Running,
  community: Community,
  sampling: Pick<FleetPlan, "sampleEvery" | "sampledChannels">,
): FleetPlan {
  const clients = running.paths.map((path, person) => {
    const channel = community.channelOf(person);
    return { path, channel: channel === null ? null : (running.channels[channel] ?? null) };
  });
  return { port: running.port, dialect: contestant.dialect, compression: contestant.compression, clients, ...sampling };
}
