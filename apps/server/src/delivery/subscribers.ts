import { SharedTurns } from "../concurrency/shared-turns.ts";
import type { Batch } from "./batch.ts";
import type { Encoding } from "./wire-codec.ts";
import type { Writer } from "./writer.ts";

interface Group {
  readonly encoding: Encoding;
  readonly writers: Writer[];
  /** Batches queued behind one whose codec is still loading data, or that is written in turns; null when there is none. */
  queued: Waiting[] | null;
  /** Writes to some more readers of the batch that is written in turns; null when there is none. */
  goOn: (() => boolean) | null;
}

interface Waiting {
  readonly batch: Batch;
  readonly onSent: OnSent;
}

export interface BroadcastOptions {
  /** Collects the writers corked by this broadcast, which the caller must uncork; null writes each batch at once. */
  readonly corked: Writer[] | null;
  /** Sends only to writers for which this returns true; null sends to all. */
  readonly filter: ((writer: Writer) => boolean) | null;
}

/** Called per group of writers with the same encoding: at once, or later when its codec has to load data first or it takes turns. */
export type OnSent = (recipients: number, bytes: number) => void;

/** Most subscribers that are searched for one: most topics are those of one user, who has a device or two. */
const searchedAtMost = 8;
/** Readers who do not all receive the same, and are written to in one piece. */
const readersAtOnce = 8;
/** Batches that are queued; of more of them the first is written without turns, so that they do not grow in number. */
const queuedAtMost = 20;
/** Of all topics: each of them may have readers who wait for their turn. */
const turns = new SharedTurns();

/** Subscribers of one topic, grouped by encoding into arrays so that the hot loop shares one buffer per group. */
export class Subscribers {
  #groups: readonly Group[] = [];
  #size = 0;
  /** Each writer's index in its group's array; null while there were never more than `searchedAtMost`. */
  #indexes: Map<Writer, number> | null = null;

  get size(): number {
    return this.#size;
  }

  has(writer: Writer): boolean {
    return this.#indexOf(writer, this.#groupOf(writer)) >= 0;
  }

  add(writer: Writer): void {
    const group = this.#groupOf(writer);
    if (this.#indexOf(writer, group) >= 0) return;
    const index = group ? group.writers.push(writer) - 1 : 0;
    if (!group) this.#groups = [...this.#groups, newGroup(writer)];
    this.#size += 1;
    if (this.#indexes) this.#indexes.set(writer, index);
    else if (this.#size > searchedAtMost) this.#indexes = indexesOf(this.#groups);
  }

  /** Moves the group's last writer into the freed index, so that the cost does not depend on the group's size. */
  remove(writer: Writer): boolean {
    const group = this.#groupOf(writer);
    const index = this.#indexOf(writer, group);
    if (!group || index < 0) return false;
    const last = group.writers.pop()!;
    if (last !== writer) {
      group.writers[index] = last;
      this.#indexes?.set(last, index);
    }
    this.#indexes?.delete(writer);
    this.#size -= 1;
    return true;
  }

  /** Writes the batch to every subscriber that passes the filter. Each group receives its batches in order. */
  broadcast(batch: Batch, options: BroadcastOptions, onSent: OnSent): void {
    for (const group of this.#groups) if (group.writers.length > 0) this.#writeInOrder(group, batch, options, onSent);
  }

  /** Queues the batch if this group is waiting, or starts preparation if needed; otherwise writes it. */
  #writeInOrder(group: Group, batch: Batch, options: BroadcastOptions, onSent: OnSent): void {
    if (group.queued) return enqueue(group, { batch, onSent });
    const ready = batch.prepare(group.encoding.codec);
    if (!ready) return this.#write(group, batch, options, onSent);
    group.queued = [];
    void ready.then(() => this.#writePrepared(group, batch, onSent));
  }

  #writePrepared(group: Group, batch: Batch, onSent: OnSent): void {
    const queued = takeQueued(group);
    this.#write(group, batch, uncorkedToAll, onSent);
    this.#writeQueued(group, queued);
  }

  /** Writes those that were queued, until one of them makes the others wait again. */
  #writeQueued(group: Group, queued: readonly Waiting[]): void {
    for (const { batch, onSent } of queued) this.#writeInOrder(group, batch, uncorkedToAll, onSent);
  }

  #write(group: Group, batch: Batch, options: BroadcastOptions, onSent: OnSent): void {
    if (batch.isShared(group.encoding.codec)) writeToAll(group, batch, options, onSent);
    else this.#writeToEach(group, batch, options, onSent);
  }

  /** Writes to the first readers at once, and to the others in turns, if they are still subscribed then. */
  #writeToEach(group: Group, batch: Batch, { corked, filter }: BroadcastOptions, onSent: OnSent): void {
    const writers = [...group.writers];
    let next = 0;
    let recipients = 0;
    let bytes = 0;
    /** False once all have theirs. */
    const writeSome = (corks: Writer[] | null): boolean => {
      for (const writer of writers.slice(next, next + readersAtOnce)) {
        const full = this.has(writer) && (filter?.(writer) ?? true) ? batch.full(writer) : null;
        if (!full) continue;
        if (corks !== null && writer.cork()) corks.push(writer);
        const written = writer.deliverBatch(batch, full);
        if (written > 0) recipients += 1;
        bytes += written;
      }
      next += readersAtOnce;
      return next < writers.length;
    };
    if (!writeSome(corked)) return onSent(recipients, bytes);
    const goOn = (): boolean => {
      // It may have been written without turns.
      if (group.goOn !== goOn) return false;
      if (writeSome(null)) return true;
      onSent(recipients, bytes);
      this.#writeQueued(group, takeQueued(group));
      return false;
    };
    Object.assign(group, { queued: [], goOn });
    turns.add(goOn);
  }

  #groupOf({ encoding: { codec, deflate } }: Writer): Group | undefined {
    return this.#groups.find(({ encoding }) => encoding.codec === codec && encoding.deflate === deflate);
  }

  #indexOf(writer: Writer, group: Group | undefined): number {
    if (this.#indexes) return this.#indexes.get(writer) ?? -1;
    return group ? group.writers.indexOf(writer) : -1;
  }
}

/** A literal has room for what it holds alone, and an array that is pushed to for sixteen more. */
function newGroup(writer: Writer): Group {
  const { codec, deflate } = writer.encoding;
  return { encoding: { codec, deflate }, writers: [writer], queued: null, goOn: null };
}

function indexesOf(groups: readonly Group[]): Map<Writer, number> {
  return new Map(groups.flatMap(({ writers }) => writers.map((writer, index) => [writer, index])));
}

const uncorkedToAll: BroadcastOptions = { corked: null, filter: null };

function enqueue(group: Group, waiting: Waiting): void {
  group.queued?.push(waiting);
  if ((group.queued?.length ?? 0) <= queuedAtMost) return;
  while (group.goOn?.());
}

function takeQueued(group: Group): readonly Waiting[] {
  const queued = group.queued ?? [];
  Object.assign(group, { queued: null, goOn: null });
  return queued;
}

/** Hot: loops over all writers of the group. */
function writeToAll({ writers }: Group, batch: Batch, options: BroadcastOptions, onSent: OnSent): void {
  const { corked, filter } = options;
  let recipients = 0;
  let bytes = 0;
  const full = writers.length > 0 ? batch.full(writers[0]!) : null;
  if (!full) return;
  for (const writer of writers) {
    if (filter !== null && !filter(writer)) continue;
    if (corked !== null && writer.cork()) corked.push(writer);
    const written = writer.deliverBatch(batch, full);
    if (written > 0) recipients += 1;
    bytes += written;
  }
  onSent(recipients, bytes);
}
