import type { Clock, Timer } from "../platform.ts";

interface Due {
  at: number;
  callback: () => void;
}

/** A clock that advances only by `advance`. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #due = new Set<Due>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const due = { at: this.#now + Math.max(0, delayMs), callback };
    this.#due.add(due);
    return { cancel: () => void this.#due.delete(due) };
  }

  /** Number of timers that have not run. */
  get pending(): number {
    return this.#due.size;
  }

  /** Runs the timers that fall due, in order, and waits after each until the promises it started have settled. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#due.delete(next);
      next.callback();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Waits five turns of the event loop, in which promises settle that need no timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
