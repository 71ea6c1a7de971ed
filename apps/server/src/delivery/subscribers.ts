import type { Batch } from "./batch.ts";
import type { Encoding } from "./wire-codec.ts";
import type { Writer } from "./writer.ts";

interface Group {
  readonly encoding: Encoding;
  readonly writers: Writer[];
  /** Batches queued behind one whose codec is still loading data, kept in order; null when none is loading. */
  queued: { batch: Batch; onSent: OnSent }[] | null;
}

export interface BroadcastOptions {
  /** Collects the writers corked by this broadcast, which the caller must uncork; null writes each batch at once. */
  readonly corked: Writer[] | null;
  /** Sends only to writers for which this returns true; null sends to all. */
  readonly filter: ((writer: Writer) => boolean) | null;
}

/** Called per group of writers with the same encoding: at once, or later when its codec has to load data first. */
export type OnSent = (recipients: number, bytes: number) => void;

/** Most subscribers that are searched for one: most topics are those of one user, who has a device or two. */
const searchedAtMost = 8;

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
    for (const group of this.#groups) {
      if (group.writers.length === 0 || deferIfPreparing(group, batch, onSent)) continue;
      writeTo(group, batch, options, onSent);
    }
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
  return { encoding: { codec, deflate }, writers: [writer], queued: null };
}

function indexesOf(groups: readonly Group[]): Map<Writer, number> {
  return new Map(groups.flatMap(({ writers }) => writers.map((writer, index) => [writer, index])));
}

const uncorkedToAll: BroadcastOptions = { corked: null, filter: null };

/** Hot: loops over all writers of the group. */
function writeTo({ encoding, writers }: Group, batch: Batch, options: BroadcastOptions, onSent: OnSent): void {
  const { corked, filter } = options;
  let recipients = 0;
  let bytes = 0;
  const isShared = batch.isShared(encoding.codec);
  const shared = isShared && writers.length > 0 ? batch.full(writers[0]!) : null;
  for (const writer of writers) {
    if (filter !== null && !filter(writer)) continue;
    const full = isShared ? shared : batch.full(writer);
    if (!full) return;
    if (corked !== null && writer.cork()) corked.push(writer);
    const written = writer.deliverBatch(batch, full);
    if (written > 0) recipients += 1;
    bytes += written;
  }
  onSent(recipients, bytes);
}

/** Queues the batch if this group is waiting; otherwise starts preparation if needed. False: the batch can be written. */
function deferIfPreparing(group: Group, batch: Batch, onSent: OnSent): boolean {
  if (group.queued) {
    group.queued.push({ batch, onSent });
    return true;
  }
  const ready = batch.prepare(group.encoding.codec);
  if (!ready) return false;
  group.queued = [{ batch, onSent }];
  void ready.then(() => writeQueued(group));
  return true;
}

/** Writes the first queued batch, which is prepared now, then the others until one needs preparation itself. */
function writeQueued(group: Group): void {
  const [next, ...rest] = group.queued ?? [];
  group.queued = null;
  if (next) writeTo(group, next.batch, uncorkedToAll, next.onSent);
  for (const { batch, onSent } of rest) {
    if (!deferIfPreparing(group, batch, onSent)) writeTo(group, batch, uncorkedToAll, onSent);
  }
}
