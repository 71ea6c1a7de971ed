import { requirePicture } from "./clean-picture.ts";

/** A box of an ISO media file. Offsets count from the beginning of the file. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where its content starts, after size and type. */
  readonly body: number;
  readonly end: number;
}

/** Pictures have dozens; a file that has more is made to be slow to read. */
const maxBoxes = 5_000;

/** Reads boxes of one file and counts them. */
export class BoxReader {
  readonly bytes: Buffer;
  #boxes = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The boxes side by side from `start` to `end`. */
  read(start: number, end: number): Box[] {
    const boxes: Box[] = [];
    for (let position = start; position < end; position = boxes.at(-1)!.end) {
      this.#boxes += 1;
      requirePicture(this.#boxes <= maxBoxes, "too many boxes");
      boxes.push(this.#readOne(position, end));
    }
    return boxes;
  }

  #readOne(start: number, limit: number): Box {
    requirePicture(start + 8 <= limit, "a box is cut off");
    const short = this.bytes.readUInt32BE(start);
    const type = this.bytes.toString("latin1", start + 4, start + 8);
    const body = start + (short === 1 ? 16 : 8);
    const length = short === 1 ? Number(this.bytes.readBigUInt64BE(start + 8)) : short === 0 ? limit - start : short;
    const end = start + length;
    requirePicture(end >= body && end <= limit, "a box has a wrong size");
    return { type, start, body, end };
  }
}

/** Reads numbers one after the other, never beyond the box. */
export class BoxCursor {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer, { body, end }: Box) {
    this.#bytes = bytes.subarray(body, end);
  }

  /** An unsigned number of 0, 1, 2, 3, 4 or 8 bytes. */
  number(size: number): number {
    const start = this.#position;
    this.#position += size;
    if (size === 0) return 0;
    if (size === 8) return Number(this.#bytes.readBigUInt64BE(start));
    return this.#bytes.readUIntBE(start, size);
  }

  int32(): number {
    this.#position += 4;
    return this.#bytes.readInt32BE(this.#position - 4);
  }

  type(): string {
    this.#position += 4;
    requirePicture(this.#position <= this.#bytes.length, "a box is cut off");
    return this.#bytes.toString("latin1", this.#position - 4, this.#position);
  }

  skip(size: number): void {
    this.#position += size;
  }
}
