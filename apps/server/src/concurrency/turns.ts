/** Lets the event loop go on with other work between the parts of a long one. */
export class Turns {
  readonly #turnMs: number;
  #began = performance.now();

  /** `turnMs`: how long a turn may be. */
  constructor(turnMs: number) {
    this.#turnMs = turnMs;
  }

  /** To be awaited after each part. */
  async pause(): Promise<void> {
    if (performance.now() - this.#began < this.#turnMs) return;
    await new Promise(setImmediate);
    this.#began = performance.now();
  }
}
