import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * Loaded into every contestant (`node --import`): measures the delay of its event loop, and ends the process when the
 * runner ends. It costs one timer.
 */
const resolutionMs = 10;
const loop = monitorEventLoopDelay({ resolution: resolutionMs });
loop.enable();

export type ProbeCommand = { probe: "reset" } | { probe: "read" };
export interface ProbeReading {
  loopLagP99Ms: number;
  loopLagMaxMs: number;
}

/** Miscord's worker processes inherit the option that loads the probe; their channel leads to their primary. */
const isWorker = process.argv[1]?.endsWith("run-worker.ts") ?? false;
if (!isWorker) answerRunner();

function answerRunner(): void {
  process.on("message", (command: ProbeCommand) => {
    if (command.probe === "reset") loop.reset();
    // The histogram contains whole timer periods; the lag is the time beyond one period.
    else {
      const lateMs = (ns: number) => Math.max(0, ns / 1e6 - resolutionMs);
      process.send?.({
        loopLagP99Ms: lateMs(loop.percentile(99)),
        loopLagMaxMs: lateMs(loop.max),
      } satisfies ProbeReading);
    }
  });
  process.on("disconnect", () => process.exit());
  process.channel?.unref();
}
