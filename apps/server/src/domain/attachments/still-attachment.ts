import { Readable } from "node:stream";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import type { AttachmentRow } from "../../store/schema.ts";
import { bytesOfParts, firstFrameParts, type FrameParts } from "./picture/first-frame.ts";
import type { AttachmentStorage } from "./storage.ts";

/** Bytes that are read to find it, fewer first: most first frames are short. */
const heads = [65_536, 1_048_576, 8_388_608];
/** Files whose beginning is in memory at once, whoever asks, and of one user. */
const searchesAtOnce = 4;
const searchesOfUser = 1;
/** What was found is known for so many of the files that were asked for last: their bytes never change. */
const remembered = 10_000;

type MovingFile = Pick<AttachmentRow, "id" | "storage_key" | "size" | "content_type">;

/** The first frame of a picture that moves, as a file of the same type. */
export interface Still {
  readonly length: number;
  /** Reads it from the storage as it is taken: whoever does not read on holds none of it in memory. */
  read(): Readable;
}

/**
 * First frames of pictures that move. Nothing is decoded, and nothing kept for them: frames lie one after the other, so it is the
 * beginning of the file.
 */
export class StillAttachments {
  readonly #storage: Pick<AttachmentStorage, "read">;
  readonly #known = new Map<number, FrameParts | null>();
  readonly #searches = new Semaphore(searchesAtOnce);
  readonly #searchesOfUsers = new KeyedSemaphore<number>(searchesOfUser);

  constructor(storage: Pick<AttachmentStorage, "read">) {
    this.#storage = storage;
  }

  /** Null where it is too long or lies in a way that is not known. */
  async of(file: MovingFile, readerId: number): Promise<Still | null> {
    const parts = this.#recall(file.id) ?? (await this.#searchOnce(file, readerId));
    return (
      parts && {
        length: bytesOfParts(parts),
        read: () => Readable.from(this.#bytes(file, parts), { objectMode: false }),
      }
    );
  }

  /** Undefined: it was not looked for. */
  #recall(id: number): FrameParts | null | undefined {
    const parts = this.#known.get(id);
    if (parts === undefined) return undefined;
    this.#known.delete(id);
    this.#known.set(id, parts);
    return parts;
  }

  #searchOnce(file: MovingFile, readerId: number): Promise<FrameParts | null> {
    return this.#searchesOfUsers.run(readerId, async () => {
      const known = this.#recall(file.id);
      if (known !== undefined) return known;
      const parts = await this.#searches.run(() => this.#search(file));
      this.#known.set(file.id, parts);
      if (this.#known.size > remembered) this.#known.delete(this.#known.keys().next().value!);
      return parts;
    });
  }

  async #search({ storage_key: key, size, content_type: type }: MovingFile): Promise<FrameParts | null> {
    for (const head of heads) {
      const length = Math.min(head, size);
      const chunks: Buffer[] = [];
      for await (const chunk of await this.#storage.read(key, { start: 0, end: length - 1 }))
        chunks.push(chunk as Buffer);
      const parts = firstFrameParts(Buffer.concat(chunks), type);
      if (parts || length === size) return parts;
    }
    return null;
  }

  async *#bytes({ storage_key: key }: MovingFile, parts: FrameParts): AsyncGenerator<Buffer> {
    for (const part of parts) {
      if (Buffer.isBuffer(part)) yield part;
      else yield* (await this.#storage.read(key, { start: part.start, end: part.end - 1 })) as AsyncIterable<Buffer>;
    }
  }
}
