/** A sender is asked for no more than one full picture in this time, however many viewers need one. */
const spacingMs = 1_000;

/** Requests for full pictures of one encoding. A request that comes too early is made as soon as it may be. */
export class KeyFrames {
  readonly #request: () => unknown;
  #requestedAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(request: () => unknown) {
    this.#request = request;
  }

  request(): void {
    if (this.#timer) return;
    const waitMs = this.#requestedAt + spacingMs - performance.now();
    if (waitMs <= 0) this.#now();
    else this.#timer = setTimeout(() => this.#now(), waitMs);
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
