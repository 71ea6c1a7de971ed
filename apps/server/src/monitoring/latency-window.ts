/** Number of latest values that the quantiles are computed from. */
const capacity = 4_096;

export interface LatencySummary {
  average: number;
  p50: number;
  p95: number;
  p99: number;
}

/** The latest latencies, for quantiles of the present rather than of the time since the start. */
export class LatencyWindow {
  readonly #values = new Float64Array(capacity);
  readonly #listeners: ((latencyMs: number) => void)[] = [];
  #count = 0;

  onObserved(listener: (latencyMs: number) => void): void {
    this.#listeners.push(listener);
  }

  observe(latencyMs: number): void {
    this.#values[this.#count % capacity] = latencyMs;
    this.#count += 1;
    for (const listener of this.#listeners) listener(latencyMs);
  }

  /** In seconds; zeros before the first value. */
  summary(): LatencySummary {
    const values = this.#values.subarray(0, Math.min(this.#count, capacity)).toSorted();
    const at = (quantile: number) =>
      (values[Math.min(values.length - 1, Math.floor(values.length * quantile))] ?? 0) / 1_000;
    const sum = values.reduce((total, value) => total + value, 0);
    return { average: sum / Math.max(1, values.length) / 1_000, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
