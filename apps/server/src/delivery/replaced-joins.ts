import type { Writer } from "./writer.ts";

/** Of one connection in one channel. Whoever sends more without an answer is no client that counts them. */
const countedAtMost = 100;

/**
 * Joins that a later join of the same connection and channel has replaced before they were answered. Every join is
 * answered, and clients count the answers: the later join's `channel_synced` is repeated for each of them.
 */
export class ReplacedJoins {
  readonly #counts = new WeakMap<Writer, Map<number, number>>();

  add(channelId: number, writer: Writer): void {
    const counts = this.#counts.get(writer) ?? new Map<number, number>();
    this.#counts.set(writer, counts);
    counts.set(channelId, Math.min(countedAtMost, (counts.get(channelId) ?? 0) + 1));
  }

  /** Their number, which is zero from then on. */
  take(channelId: number, writer: Writer): number {
    const counts = this.#counts.get(writer);
    const count = counts?.get(channelId) ?? 0;
    counts?.delete(channelId);
    return count;
  }
}
