import type { Clock, Timer } from "../platform.ts";

const retryMs = 2_000;

/**
 * A load in the background, repeated until it succeeds. One runs at a time: what changes meanwhile may have been read
 * before, so `start` makes another one follow.
 */
export class InsistentLoad {
  readonly #clock: Clock;
  readonly #load: () => Promise<unknown>;
  #isWanted = false;
  #isRunning = false;
  #stops = 0;
  #timer: Timer | null = null;

  constructor(clock: Clock, load: () => Promise<unknown>) {
    this.#clock = clock;
    this.#load = load;
  }

  start(): void {
    this.#isWanted = true;
    if (!this.#isRunning) void this.#run();
  }

  /** The load that runs, if one does, is not repeated. */
  stop(): void {
    this.#isWanted = false;
    this.#stops += 1;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      this.#timer?.cancel();
      const stops = this.#stops;
      await this.#load().catch(() => {
        if (stops === this.#stops) this.#timer = this.#clock.setTimeout(() => this.start(), retryMs);
      });
    }
    this.#isRunning = false;
  }
}
