import type { Clock, Timer } from "../platform.ts";

/** Passes on the first value at once, and then at most one a period: the latest, if it differs from the one before. */
export class Throttle<T> {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #pass: (value: T) => void;
  #timer: Timer | null = null;
  #passed: T | undefined;
  #latest: T | undefined;

  constructor(clock: Clock, periodMs: number, pass: (value: T) => void) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#pass = pass;
  }

  push(value: T): void {
    this.#latest = value;
    if (!this.#timer) this.#emit(value);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#passed = undefined;
  }

  #emit(value: T): void {
    this.#passed = value;
    this.#pass(value);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      if (this.#latest !== undefined && this.#latest !== this.#passed) this.#emit(this.#latest);
    }, this.#periodMs);
  }
}
