import type { Batch } from "./batch.ts";
import type { Writer } from "./writer.ts";

/** Normal events kept for joiners while the store is asked; with more, they reload history over HTTP. */
const maxHeldEvents = 2_000;

/**
 * Connections that have subscribed but must first hear what they missed. What the topic says meanwhile is kept once
 * for all of them and follows after the replay.
 */
export class Hold {
  readonly writers: Set<Writer>;
  #batches: Batch[] = [];
  #events = 0;
  #discardedSeq = 0;

  constructor(writers: Iterable<Writer>) {
    this.writers = new Set(writers);
  }

  push(batch: Batch): void {
    if (batch.maxSeq === 0) return;
    this.#batches.push(batch);
    this.#events += batch.size;
    if (this.#events > maxHeldEvents) this.#discard();
  }

  /** Position up to which something was thrown away for want of room; 0: nothing was. */
  get discardedSeq(): number {
    return this.#discardedSeq;
  }

  /** What the replay up to `seq` does not cover. A batch may begin before it; receivers ignore what they have. */
  after(seq: number): Batch[] {
    return this.#batches.filter((batch) => batch.maxSeq > seq);
  }

  #discard(): void {
    this.#discardedSeq = this.#batches.at(-1)?.maxSeq ?? this.#discardedSeq;
    this.#batches = [];
    this.#events = 0;
  }
}

/** For who will join anew, and be told then what was said: keeps the place in the topic and nothing else. */
export class Place extends Hold {
  override push(): void {}
}
