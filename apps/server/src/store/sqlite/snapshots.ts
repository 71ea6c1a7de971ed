/** The reader's connections beside slot 0, which serves single queries: each holds one snapshot at a time. */
export class Snapshots {
  readonly #free: number[];
  readonly #queue: ((slot: number) => void)[] = [];

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, index) => index + 1);
  }

  async take(): Promise<number> {
    return this.#free.pop() ?? new Promise<number>((resolve) => this.#queue.push(resolve));
  }

  giveBack(slot: number): void {
    const next = this.#queue.shift();
    if (next) next(slot);
    else this.#free.push(slot);
  }
}
