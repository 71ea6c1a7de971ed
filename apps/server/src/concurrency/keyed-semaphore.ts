import { Semaphore } from "./semaphore.ts";

/** A semaphore for each key, kept while it is in use. */
export class KeyedSemaphore<Key> {
  readonly #permits: number;
  readonly #used = new Map<Key, { readonly semaphore: Semaphore; users: number }>();

  /** At most `permits` holders of one key at a time. */
  constructor(permits: number) {
    this.#permits = permits;
  }

  /** Keys with holders or waiters. */
  get size(): number {
    return this.#used.size;
  }

  /** Holders and waiters of the key. */
  usersOf(key: Key): number {
    return this.#used.get(key)?.users ?? 0;
  }

  /** Runs `work` while holding a permit of the key; waiters of one key are served in order of arrival. */
  async run<Value>(key: Key, work: () => Promise<Value>): Promise<Value> {
    const used = this.#used.get(key) ?? { semaphore: new Semaphore(this.#permits), users: 0 };
    this.#used.set(key, used);
    used.users += 1;
    try {
      return await used.semaphore.run(work);
    } finally {
      used.users -= 1;
      if (used.users === 0) this.#used.delete(key);
    }
  }
}
