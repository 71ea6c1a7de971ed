import type { Clock } from "../clock.ts";

export interface PatienceOptions {
  readonly burst: number;
  readonly perSecond: number;
}

/** How much of something a connection may do before it is taken for hostile: so many at once, so many a second. */
export class Patience {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  #left: number;
  #at: number;

  constructor(options: PatienceOptions, clock: Clock) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#clock = clock;
    this.#left = options.burst;
    this.#at = clock.monotonic();
  }

  /** False once it is exhausted. */
  spend(): boolean {
    const now = this.#clock.monotonic();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) * this.#perSecond) / 1_000) - 1;
    this.#at = now;
    return this.#left >= 0;
  }
}
