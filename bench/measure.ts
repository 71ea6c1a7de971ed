import { setTimeout as sleep } from "node:timers/promises";
import type { Community, Contestant, Running } from "./contestant.ts";
import type { Generator } from "./generator.ts";
import type { FleetPlan } from "./load/fleet.ts";
import type { TrafficPlan } from "./load/traffic.ts";
import type { WindowReport } from "./load/window.ts";

/** Durations of one measurement. */
export interface Timing {
  warmUpMs: number;
  windowMs: number;
  /** How long to wait for late arrivals before they count as missing. */
  drainMs: number;
}

export type Measured = WindowReport & { loopLagP99Ms: number };

/** One message a second and nothing else. */
export const quietTraffic: TrafficPlan = {
  messagesPerSecond: 1,
  channels: [],
  messageBytes: 300,
  typing: false,
  reactionEvery: 0,
  presencePerSecond: 0,
  heartbeatMs: 0,
};

/** Measures one window of steady traffic after a warm-up. */
export async function measureTraffic(
  generator: Generator,
  running: Running,
  traffic: Partial<TrafficPlan>,
  timing: Timing,
): Promise<Measured> {
  await generator.call("start", { ...quietTraffic, ...traffic });
  await sleep(timing.warmUpMs);
  running.process.resetLoopLag();
  await generator.call("openWindow", { pids: running.pids });
  await sleep(timing.windowMs);
  const loopLagP99Ms = running.process.loopLagP99Ms();
  const report = await generator.call("closeWindow", { drainMs: timing.drainMs });
  return { ...report, loopLagP99Ms: await loopLagP99Ms };
}

/** The connections of every user's client to the running server. */
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
  return { ports: running.ports, format: contestant.format, compression: contestant.compression, clients, ...sampling };
}
