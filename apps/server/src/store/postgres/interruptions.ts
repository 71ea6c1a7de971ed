import type { Clock, Timer } from "../../clock.ts";

/** From the first answer on: what was under way when the connections were lost has ended by then. */
const settleMs = 1_000;
/** Every client of the instance loads its state anew after each. */
const leastIntervalMs = 10_000;

/**
 * Notices statements that got no answer because their connection was lost. What they, or the statements before them, have
 * changed may have been told to nobody: a commit may have come through, and a command reads what it announces.
 */
export class Interruptions {
  readonly #clock: Clock;
  readonly #listeners: (() => void)[] = [];
  #isInterrupted = false;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `listener` is called once the database answers again, for all statements that were lost until then. */
  onOver(listener: () => void): void {
    this.#listeners.push(listener);
  }

  lost(): void {
    this.#isInterrupted = true;
  }

  answered(): void {
    if (!this.#isInterrupted) return;
    this.#isInterrupted = false;
    const waitMs = Math.max(settleMs, this.#toldAt + leastIntervalMs - this.#clock.monotonic());
    this.#timer ??= this.#clock.setTimeout(() => this.#tell(), waitMs);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #tell(): void {
    this.#timer = null;
    this.#toldAt = this.#clock.monotonic();
    for (const listener of this.#listeners) listener();
  }
}
