import { guarded } from "./guard.ts";

/** A sender is asked for no more than one full picture in this time, however many viewers need one. */
const spacingMs = 1_000;

/** Requests for full pictures of one encoding. A request that comes too early is made as soon as it may be. */
export class KeyFrames {
  readonly #request: () => unknown;
  #requestedAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  /** Nobody waits for it who would take an error. */
  readonly #later = guarded(() => this.#now());

  constructor(request: () => unknown) {
    this.#request = request;
  }

  request(): void {
    if (this.#timer) return;
    const waitMs = this.#requestedAt + spacingMs - performance.now();
    if (waitMs <= 0) this.#now();
    else this.#timer = setTimeout(this.#later, waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }

  #now(): void {
    this.#timer = null;
    this.#requestedAt = performance.now();
    this.#request();
  }
}
