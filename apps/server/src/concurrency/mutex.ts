/**
 * Whose turn it is to write. SQLite has one writer at a time and lets the others poll for the lock, which starves
 * them under load; here they queue, first come first served.
 */
export class Turns {
  #taken = false;
  readonly #queue: (() => void)[] = [];

  /** Resolves with the function that ends the turn; calling it again does nothing, for then it is another's. */
  async take(): Promise<() => void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#taken = true;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      // The turn passes on without ever being free, so that nobody slips in between.
      const next = this.#queue.shift();
      if (next) next();
      else this.#taken = false;
    };
  }

  async during<Value>(write: () => Promise<Value>): Promise<Value> {
    const end = await this.take();
    try {
      return await write();
    } finally {
      end();
    }
  }
}
