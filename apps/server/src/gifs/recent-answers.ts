import type { Clock } from "../clock.ts";

interface Kept<Value> {
  value: Promise<Value>;
  until: number;
}

/** What was asked lately, by its question; who asks at the same time gets the same answer. Failures are not kept. */
export class RecentAnswers<Value> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #count: number;
  /** The first one was asked longest ago. */
  readonly #kept = new Map<string, Kept<Value>>();

  constructor(clock: Clock, { ms, count }: { ms: number; count: number }) {
    this.#clock = clock;
    this.#ms = ms;
    this.#count = count;
  }

  /** `isKept`: whether an answer is, once it is there. */
  get(question: string, ask: () => Promise<Value>, isKept: (value: Value) => boolean = () => true): Promise<Value> {
    const known = this.#kept.get(question);
    if (known && known.until > this.#clock.now()) return known.value;
    const kept = { value: ask(), until: this.#clock.now() + this.#ms };
    this.#kept.delete(question);
    this.#kept.set(question, kept);
    const forget = () => this.#kept.get(question) === kept && this.#kept.delete(question);
    kept.value.then((value) => isKept(value) || forget(), forget);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#count) break;
      this.#kept.delete(oldest);
    }
    return kept.value;
  }
}
