import type { Batch } from "./batch.ts";
import type { Encoding } from "./wire-codec.ts";
import type { Writer } from "./writer.ts";

interface Group {
  readonly encoding: Encoding;
  readonly writers: Writer[];
  /** What waits until the dialect has found its words; null when nothing does. */
  late: { batch: Batch; delivered: Delivered }[] | null;
}

export interface Handover {
  /** Collects the writers that are corked here, for the caller to uncork; null: each write leaves by itself. */
  readonly corked: Writer[] | null;
  /** Who is told nothing new is left out. Null: all are told. */
  readonly isNews: ((writer: Writer) => boolean) | null;
}

/** Told of each group to which a batch was handed, at once or when its dialect had found its words. */
export type Delivered = (recipients: number, bytes: number) => void;

/** Those who hear a topic, grouped by what decides their bytes, in arrays that the hot loop walks. */
export class Audience {
  readonly #groups: Group[] = [];
  readonly #indexes = new Map<Writer, number>();

  get size(): number {
    return this.#indexes.size;
  }

  has(writer: Writer): boolean {
    return this.#indexes.has(writer);
  }

  add(writer: Writer): void {
    if (this.#indexes.has(writer)) return;
    const { writers } = this.#groupOf(writer.encoding);
    this.#indexes.set(writer, writers.length);
    writers.push(writer);
  }

  /** The last of the group takes the free place: removing costs the same in a group of any size. */
  remove(writer: Writer): boolean {
    const index = this.#indexes.get(writer);
    if (index === undefined) return false;
    const { writers } = this.#groupOf(writer.encoding);
    const last = writers.pop()!;
    if (last !== writer) {
      writers[index] = last;
      this.#indexes.set(last, index);
    }
    this.#indexes.delete(writer);
    return true;
  }

  /** Hands the batch to everyone. */
  deliver(batch: Batch, handover: Handover, delivered: Delivered): void {
    for (const group of this.#groups) {
      if (group.writers.length === 0 || mustWait(group, batch, delivered)) continue;
      deliverTo(group, batch, handover, delivered);
    }
  }

  *[Symbol.iterator](): Generator<Writer> {
    yield* this.#indexes.keys();
  }

  #groupOf({ dialect, deflate }: Encoding): Group {
    let group = this.#groups.find(({ encoding }) => encoding.dialect === dialect && encoding.deflate === deflate);
    if (!group) this.#groups.push((group = { encoding: { dialect, deflate }, writers: [], late: null }));
    return group;
  }
}

const toEachAtOnce: Handover = { corked: null, isNews: null };

/** Hot: the loop over all who hear a topic. */
function deliverTo({ encoding, writers }: Group, batch: Batch, handover: Handover, delivered: Delivered): void {
  const { corked, isNews } = handover;
  let recipients = 0;
  let bytes = 0;
  const isShared = batch.isShared(encoding.dialect);
  const shared = isShared && writers.length > 0 ? batch.full(writers[0]!) : null;
  for (const writer of writers) {
    if (isNews !== null && !isNews(writer)) continue;
    const full = isShared ? shared : batch.full(writer);
    if (!full) return;
    if (corked !== null && writer.cork()) corked.push(writer);
    const written = writer.deliverBatch(batch, full);
    if (written > 0) recipients += 1;
    bytes += written;
  }
  delivered(recipients, bytes);
}

/** What comes after a batch that waits, waits as well: a group hears its topic in order. */
function mustWait(group: Group, batch: Batch, delivered: Delivered): boolean {
  if (group.late) {
    group.late.push({ batch, delivered });
    return true;
  }
  const ready = batch.prepare(group.encoding.dialect);
  if (!ready) return false;
  group.late = [{ batch, delivered }];
  void ready.then(() => catchUp(group));
  return true;
}

/** The first has its words now; the next may have to wait for its own. */
function catchUp(group: Group): void {
  const [next, ...rest] = group.late ?? [];
  group.late = null;
  if (next) deliverTo(group, next.batch, toEachAtOnce, next.delivered);
  for (const { batch, delivered } of rest) {
    if (!mustWait(group, batch, delivered)) deliverTo(group, batch, toEachAtOnce, delivered);
  }
}
