import { createHistogram } from "node:perf_hooks";
import type { Quantiles } from "./fold-samples.ts";

/** Longer latencies are counted as this one. */
const longestUs = 60_000_000;

/** Histogram of the latencies of one period, with two significant digits, in bounded memory. */
export class LatencyHistogram {
  readonly #histogram = createHistogram({ lowest: 1, highest: longestUs, figures: 2 });

  observe(latencyMs: number): void {
    this.#histogram.record(Math.min(longestUs, Math.max(1, Math.round(latencyMs * 1_000))));
  }

  /** Quantiles in seconds, null without latencies. Resets the histogram. */
  take(): Quantiles {
    const histogram = this.#histogram;
    const at = (percent: number) => (histogram.count === 0 ? null : histogram.percentile(percent) / 1e6);
    const quantiles = { latency_p50: at(50), latency_p95: at(95), latency_p99: at(99) };
    histogram.reset();
    return quantiles;
  }
}
