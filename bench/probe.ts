import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * Loaded into every contestant alike (`node --import`): measures its event loop from inside and ends it together with
 * the runner. The price is one timer.
 */
const resolutionMs = 10;
const loop = monitorEventLoopDelay({ resolution: resolutionMs });
loop.enable();

export type ProbeOrder = { probe: "reset" } | { probe: "read" };
export interface ProbeReading {
  loopLagP99Ms: number;
}

process.on("message", (order: ProbeOrder) => {
  if (order.probe === "reset") loop.reset();
  // The histogram holds whole timer periods; the lag is what exceeds one.
  else process.send?.({ loopLagP99Ms: Math.max(0, loop.percentile(99) / 1e6 - resolutionMs) } satisfies ProbeReading);
});
process.on("disconnect", () => process.exit());
process.channel?.unref();
