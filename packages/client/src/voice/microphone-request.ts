import type { Clock, Timer } from "../platform.ts";

const firstMs = 1_000;
const longestMs = 60_000;

/**
 * Repeats `request` with growing delays for as long as the peer sends no microphone. A client of version 1 may negotiate
 * before its microphone is ready, and does not negotiate again by itself.
 */
export class MicrophoneRequest {
  readonly #clock: Clock;
  readonly #request: () => void;
  #timer: Timer | null = null;
  #delayMs = firstMs;
  #isMissing = false;

  constructor(clock: Clock, request: () => void) {
    this.#clock = clock;
    this.#request = request;
  }

  update(isMissing: boolean): void {
    this.#isMissing = isMissing;
    if (!isMissing) return this.stop();
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#delayMs = Math.min(longestMs, this.#delayMs * 2);
      this.#request();
      this.update(this.#isMissing);
    }, this.#delayMs);
  }

  /** The peer speaks, so it has a microphone now. */
  requestNow(): void {
    if (!this.#isMissing) return;
    this.stop();
    this.#request();
    this.update(true);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#delayMs = firstMs;
  }
}
