import type { Clock, Timer } from "../clock.ts";

interface Due {
  at: number;
  order: number;
  periodMs: number | null;
  callback: () => void;
}

/** A clock that a test advances; due callbacks run in the order of their times. */
export class ManualClock implements Clock {
  #now: number;
  #monotonic = 0;
  #order = 0;
  readonly #due = new Set<Due>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    return this.#schedule(callback, delayMs, null);
  }

  setInterval(callback: () => void, periodMs: number): Timer {
    return this.#schedule(callback, periodMs, Math.max(1, periodMs));
  }

  /** Number of pending timers. */
  get pending(): number {
    return this.#due.size;
  }

  /** Advances time and runs due callbacks, without waiting for promises. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#moveTo(next.at);
      if (next.periodMs === null) this.#due.delete(next);
      else next.at += next.periodMs;
      next.callback();
    }
    this.#moveTo(end);
  }

  /** Simulates a machine that was asleep: time jumps, and each overdue timer runs once. */
  leap(ms: number): void {
    this.#moveTo(this.#monotonic + ms);
    const overdue = [...this.#due].filter((due) => due.at <= this.#monotonic);
    for (const due of overdue) {
      if (due.periodMs === null) this.#due.delete(due);
      else due.at = this.#monotonic + due.periodMs;
      due.callback();
    }
  }

  #schedule(callback: () => void, delayMs: number, periodMs: number | null): Timer {
    const due: Due = { at: this.#monotonic + Math.max(0, delayMs), order: this.#order++, periodMs, callback };
    this.#due.add(due);
    return { cancel: () => void this.#due.delete(due) };
  }

  #next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) {
      if (due.at > end) continue;
      if (!first || due.at < first.at || (due.at === first.at && due.order < first.order)) first = due;
    }
    return first;
  }

  #moveTo(at: number): void {
    this.#now += at - this.#monotonic;
    this.#monotonic = at;
  }
}
