export interface HeavyHitter {
  readonly key: number;
  /** At most so many: keys that were rare for a while may have more than they are counted for. */
  readonly count: number;
}

/** Twice as many are held between two prunings. */
const keptKeys = 256;

/**
 * Counts by key in bounded memory (Misra and Gries): what has more than one part in 256 of the whole is never missed, and
 * counted for at least its number less that part.
 */
export class HeavyHitters {
  #counts = new Map<number, number>();
  #total = 0;

  add(key: number, count = 1): void {
    this.#total += count;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    if (this.#counts.size >= 2 * keptKeys) this.#prune();
  }

  /** The largest, and the whole; begins anew. */
  take(most: number): { readonly total: number; readonly top: readonly HeavyHitter[] } {
    const top = [...this.#counts].toSorted((a, b) => b[1] - a[1]).slice(0, most);
    const total = this.#total;
    this.#counts = new Map();
    this.#total = 0;
    return { total, top: top.map(([key, count]) => ({ key, count })) };
  }

  #prune(): void {
    const sorted = [...this.#counts].toSorted((a, b) => b[1] - a[1]);
    const least = sorted[keptKeys]![1];
    this.#counts = new Map(sorted.flatMap(([key, count]) => (count > least ? [[key, count - least] as const] : [])));
  }
}
