/**
 * Joins of channels from no position. Their answer says at which message the client begins to receive, so a message that
 * it sends after such a join waits for it: the author would otherwise not receive it.
 */
export class FirstJoins {
  /** By channel; null while there are none, because there are many sessions. */
  #pending: Map<number, Promise<void>> | null = null;

  async run(channelId: number, join: () => Promise<void>): Promise<void> {
    const joining = join();
    const settled = joining.catch(() => {});
    (this.#pending ??= new Map()).set(channelId, settled);
    try {
      await joining;
    } finally {
      if (this.#pending?.get(channelId) === settled) this.#pending.delete(channelId);
      if (this.#pending?.size === 0) this.#pending = null;
    }
  }

  /** Resolves once the pending join of the channel has ended, however it did; undefined when there is none. */
  pending(channelId: number): Promise<void> | undefined {
    return this.#pending?.get(channelId);
  }
}
