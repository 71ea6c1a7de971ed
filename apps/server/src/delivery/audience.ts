import type { Batch } from "./batch.ts";
import type { Encoding } from "./dialect.ts";
import type { Writer } from "./writer.ts";

interface Group {
  readonly encoding: Encoding;
  readonly writers: Writer[];
}

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

  /** Hands the batch to everyone and answers the bytes. Writers that are corked here are collected for the caller. */
  deliver(batch: Batch, corked: Writer[] | null): { recipients: number; bytes: number } {
    let recipients = 0;
    let bytes = 0;
    for (const { encoding, writers } of this.#groups) {
      const full = writers.length > 0 ? batch.full(encoding) : null;
      if (!full) continue;
      for (const writer of writers) {
        if (corked !== null && writer.cork()) corked.push(writer);
        const written = writer.deliverBatch(batch, full);
        if (written > 0) recipients += 1;
        bytes += written;
      }
    }
    return { recipients, bytes };
  }

  *[Symbol.iterator](): Generator<Writer> {
    yield* this.#indexes.keys();
  }

  #groupOf({ dialect, deflate }: Encoding): Group {
    let group = this.#groups.find(({ encoding }) => encoding.dialect === dialect && encoding.deflate === deflate);
    if (!group) this.#groups.push((group = { encoding: { dialect, deflate }, writers: [] }));
    return group;
  }
}
