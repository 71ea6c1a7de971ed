import { systemClock } from "../clock.ts";

/** How long the database takes to answer a small query, measured with each ping. */
export class QueryLatency {
  #lastMs: number | null = null;
  #askedAt: number | null = null;

  /** Of the latest query in milliseconds; null before the first has ended, and when the latest failed. */
  get latencyMs(): number | null {
    if (this.#lastMs === null || this.#askedAt === null) return this.#lastMs;
    // A database that hangs is not as fast as its last answer was.
    return Math.max(this.#lastMs, systemClock.monotonic() - this.#askedAt);
  }

  async measure(query: () => Promise<unknown>): Promise<void> {
    const askedAt = systemClock.monotonic();
    this.#askedAt ??= askedAt;
    try {
      await query();
      this.#lastMs = systemClock.monotonic() - askedAt;
    } catch (error) {
      this.#lastMs = null;
      throw error;
    } finally {
      this.#askedAt = null;
    }
  }
}
