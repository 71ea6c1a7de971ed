/** Pool of the reader's connections for read transactions, by slot from 1. Slot 0 serves single queries. */
export class Snapshots {
  readonly #free: number[];
  readonly #queue: ((slot: number) => void)[] = [];

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, index) => index + 1);
  }

  /** Resolves with a free slot, in the order of calls. */
  async take(): Promise<number> {
    return this.#free.pop() ?? new Promise<number>((resolve) => this.#queue.push(resolve));
  }

  giveBack(slot: number): void {
    const next = this.#queue.shift();
    if (next) next(slot);
    else this.#free.push(slot);
  }
}
