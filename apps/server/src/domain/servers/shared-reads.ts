import { setTimeout as pause } from "node:timers/promises";

/** Of the time of the threads that read and encode, one server takes at most about one part in this many. */
const readShare = 10;
/** Reads that take less than this many milliseconds need no pause. */
const shortMs = 5;

/**
 * Reads that cost the more, the larger a server is. That of a large one keeps other reads waiting: those who ask before it
 * begins share it, and the next one begins after a pause, however often and whoever asks.
 */
export class SharedReads<Value> {
  readonly #read: (serverId: number) => Promise<Value>;
  readonly #longestPauseMs: number;
  /** Reads that have not begun, by server. */
  readonly #waiting = new Map<number, Promise<Value>>();
  /** By server: resolves when the next read may begin. */
  readonly #pauses = new Map<number, Promise<void>>();

  /** `longestPauseMs`: for what somebody waits for, however busy the threads are. */
  constructor(read: (serverId: number) => Promise<Value>, { longestPauseMs = Number.POSITIVE_INFINITY } = {}) {
    this.#read = read;
    this.#longestPauseMs = longestPauseMs;
  }

  /** As the server is when it is called, or later. */
  read(serverId: number): Promise<Value> {
    const shared = this.#waiting.get(serverId);
    if (shared) return shared;
    const read = this.#readAfter(serverId, this.#pauses.get(serverId));
    this.#waiting.set(serverId, read);
    return read;
  }

  async #readAfter(serverId: number, before: Promise<void> | undefined): Promise<Value> {
    // Also without a pause after `read` has noted that it waits.
    await before;
    this.#waiting.delete(serverId);
    const began = performance.now();
    const read = this.#read(serverId);
    const next = this.#pauseAfter(read, began);
    this.#pauses.set(serverId, next);
    void next.then(() => this.#pauses.get(serverId) === next && this.#pauses.delete(serverId));
    return read;
  }

  async #pauseAfter(read: Promise<unknown>, began: number): Promise<void> {
    await read.catch(() => {});
    const tookMs = performance.now() - began;
    if (tookMs < shortMs) return;
    await pause(Math.min(readShare * tookMs, this.#longestPauseMs), undefined, { ref: false });
  }
}
