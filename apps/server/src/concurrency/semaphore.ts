/**
 * FIFO semaphore: at most `permits` holders at a time, waiters are served in order of arrival. With one permit it is a
 * mutex. Bounding how many tasks run at once lets early arrivals finish first and keeps their temporaries out of the
 * old generation of the garbage collector.
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(permits: number) {
    this.#free = permits;
  }

  /** Callers that wait for a permit. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Resolves with the function that releases the permit; calling it a second time does nothing. */
  async acquire(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      // The permit passes to the next waiter without becoming free, so no new caller can overtake the queue.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }

  /** Runs `work` while holding a permit; also releases it when `work` rejects. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    const release = await this.acquire();
    try {
      return await work();
    } finally {
      release();
    }
  }
}
