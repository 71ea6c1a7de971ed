import type { Batch } from "./batch.ts";
import type { Writer } from "./writer.ts";

/** Most events buffered per group of joins. Beyond that the buffer is emptied and the clients refetch over HTTP. */
const maxBufferedEvents = 2_000;

/**
 * Live events of a topic, buffered while its joining connections wait for the replay of what they missed. The buffer is
 * shared by all connections of the join and is written to each after the replay.
 */
export class ReplayBuffer {
  /** Connections that have not been released to live events yet. */
  readonly writers: Set<Writer>;
  #batches: Batch[] = [];
  #events = 0;
  #discardedSeq = 0;

  constructor(writers: Iterable<Writer>) {
    this.writers = new Set(writers);
  }

  /** Keeps the batch unless none of its events has a `seq`: transient events are not replayed. */
  push(batch: Batch): void {
    if (batch.maxSeq === 0) return;
    this.#batches.push(batch);
    this.#events += batch.size;
    if (this.#events > maxBufferedEvents) this.#discard();
  }

  /** Highest `seq` that was discarded because the buffer was full; 0 when nothing was. */
  get discardedSeq(): number {
    return this.#discardedSeq;
  }

  /** Batches with events above `seq`. The first may also hold events at or below it, which clients ignore. */
  after(seq: number): Batch[] {
    return this.#batches.filter((batch) => batch.maxSeq > seq);
  }

  #discard(): void {
    this.#discardedSeq = this.#batches.at(-1)?.maxSeq ?? this.#discardedSeq;
    this.#batches = [];
    this.#events = 0;
  }
}
