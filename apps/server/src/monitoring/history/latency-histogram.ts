import { createHistogram } from "node:perf_hooks";
import type { Quantiles } from "./fold-samples.ts";

/** Longer ones count as this long. */
const longestUs = 60_000_000;

/** Latencies of one stretch of time, to two digits, in a bounded space however many there are. */
export class LatencyHistogram {
  readonly #histogram = createHistogram({ lowest: 1, highest: longestUs, figures: 2 });

  observe(latencyMs: number): void {
    this.#histogram.record(Math.min(longestUs, Math.max(1, Math.round(latencyMs * 1_000))));
  }

  /** Seconds, or nulls when there was nothing; and begins anew. */
  take(): Quantiles {
    const histogram = this.#histogram;
    const at = (percent: number) => (histogram.count === 0 ? null : histogram.percentile(percent) / 1e6);
    const quantiles = { latency_p50: at(50), latency_p95: at(95), latency_p99: at(99) };
    histogram.reset();
    return quantiles;
  }
}
