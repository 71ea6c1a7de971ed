import { availableParallelism } from "node:os";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { flushIntervalMs, loadOfCore } from "./delivery/flush-policy.ts";
import { CommitPace } from "./store/log/commit-pace.ts";

/**
 * The pace of the log's group commit, from the deliveries per second of the busiest core. It waits at most half the flush
 * interval; with `FLUSH_INTERVAL=0` neither waits.
 */
export function createPace(
  { flushIntervalMs: longestMs }: Pick<Config, "flushIntervalMs">,
  clock: Clock,
  deliveriesPerSecond: () => number,
): CommitPace {
  const cores = availableParallelism();
  return new CommitPace({
    clock,
    ofCore: (own, all) => loadOfCore(own, all, cores),
    maxIntervalMs: longestMs / 2,
    flushIntervalMs: () => flushIntervalMs(deliveriesPerSecond(), longestMs),
  });
}
