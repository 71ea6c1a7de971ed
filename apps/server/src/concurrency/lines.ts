/** One of the lines in front of a `Lines`. */
export interface Line {
  /** Resolves when its turn has come, with the function that ends it. */
  acquire(): Promise<() => void>;
  /** Runs `work` when its turn has come, which ends with it; also when `work` rejects. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
}

/**
 * A mutex with several lines that are served in turn, each in order of arrival: however many wait in one line, the first
 * of another waits for one of them at most.
 */
export class Lines {
  readonly #lines: (() => void)[][] = [];
  #isHeld = false;
  /** Of the line that was served last. */
  #last = 0;

  open(): Line {
    const waiting: (() => void)[] = [];
    const index = this.#lines.push(waiting) - 1;
    const acquire = async () => {
      if (this.#isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
      this.#isHeld = true;
      this.#last = index;
      let isReleased = false;
      return () => {
        if (isReleased) return;
        isReleased = true;
        this.#next();
      };
    };
    return {
      acquire,
      async run(work) {
        const release = await acquire();
        try {
          return await work();
        } finally {
          release();
        }
      },
    };
  }

  /** Passes the turn on without it becoming free, so that nobody can overtake the lines. */
  #next(): void {
    for (let step = 1; step <= this.#lines.length; step += 1) {
      const next = this.#lines[(this.#last + step) % this.#lines.length]!.shift();
      if (next) return next();
    }
    this.#isHeld = false;
  }
}
