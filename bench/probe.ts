import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded into every contestant (`node --import`): measures the delay of its event loop, and ends the process when the
 * runner ends. It costs one timer.
 */
const resolutionMs = 10;
const loop = monitorEventLoopDelay({ resolution: resolutionMs });

export type ProbeCommand = { probe: "reset" } | { probe: "read" };
export interface ProbeReading {
  loopLagP99Ms: number;
  loopLagMaxMs: number;
}

/**
 * Threads and Miscord's worker processes inherit the option that loads the probe; nobody asks them, and the channel of worker
 * processes leads to their primary. A hundred wake-ups a second in each of them would be counted as theirs.
 */
const isWorker = process.argv[1]?.endsWith("run-worker.js") ?? false;
if (isMainThread && !isWorker) answerRunner();

function answerRunner(): void {
  loop.enable();
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
