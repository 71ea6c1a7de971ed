/** Called once for each entry, in order. `scheduledAt`: milliseconds on the clock of `performance.now()`. */
export type TimetableEntry = (index: number, scheduledAt: number) => void;

/**
 * Entries at a constant rate on absolute times. When the generator is late, missed entries run at once with the time at
 * which they were due, so that waiting is always included in the figures (no coordinated omission).
 */
export class Timetable {
  #startAt: number;
  #intervalMs: number;
  #entry: TimetableEntry;
  #next = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(ratePerSecond: number, startAt: number, entry: TimetableEntry) {
    this.#startAt = startAt;
    this.#intervalMs = 1000 / ratePerSecond;
    this.#entry = entry;
    this.#wait();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #dueAt(index: number): number {
    return this.#startAt + index * this.#intervalMs;
  }

  #wait(): void {
    const delayMs = this.#dueAt(this.#next) - performance.now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, delayMs));
  }

  #run(): void {
    while (this.#timer && this.#dueAt(this.#next) <= performance.now()) {
      const index = this.#next++;
      this.#entry(index, this.#dueAt(index));
    }
    if (this.#timer) this.#wait();
  }
}
