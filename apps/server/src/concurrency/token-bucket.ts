import type { Clock } from "../clock.ts";

/** A token bucket's parameters: `burst` tokens at most, refilled at `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Tokens of a bucket that held `tokens` and then refilled for `elapsedMs`; never more than `burst`. */
export function refilled({ perSecond, burst }: Rate, tokens: number, elapsedMs: number): number {
  return Math.min(burst, tokens + (elapsedMs * perSecond) / 1_000);
}

/**
 * One token bucket that goes into debt: refused attempts cost tokens too, so a peer that keeps trying above the rate
 * stays refused.
 */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #updatedAt: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#updatedAt = clock.monotonic();
  }

  /** Takes `cost` tokens; false when the bucket held fewer. */
  spend(cost = 1): boolean {
    const now = this.#clock.monotonic();
    this.#tokens = refilled(this.#rate, this.#tokens, now - this.#updatedAt) - cost;
    this.#updatedAt = now;
    return this.#tokens >= 0;
  }
}
