/** Bytes from `start` on, up to `end`, which is not part of it. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Stretches of the animation's file, and bytes that are not in it, one after the other. */
export type FrameParts = readonly (Stretch | Buffer)[];

/**
 * Blocks and chunks that are looked at. The first frame that an encoder makes has no more; a file made to be slow to read has
 * millions, and nobody else waits for it.
 */
const maxBlocks = 20_000;
const maxStretches = 16;

/** Where the first frame of an animation that was cleaned before lies; null if these bytes do not hold it as a whole. */
export function firstFrameParts(bytes: Buffer, type: string): FrameParts | null {
  const find = finders[type];
  try {
    return find ? find(bytes) : null;
  } catch (error) {
    // Read beyond the end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The same as a file of its own. */
export function firstFrameOf(bytes: Buffer, type: string): Buffer | null {
  const parts = firstFrameParts(bytes, type);
  return (
    parts && Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : bytes.subarray(part.start, part.end))))
  );
}

export function bytesOfParts(parts: FrameParts): number {
  return parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.end - part.start), 0);
}

const finders: Readonly<Record<string, (bytes: Buffer) => FrameParts | null>> = {
  "image/gif": ofGif,
  "image/webp": ofWebp,
  "image/apng": ofApng,
};

const gifEnd = Buffer.from([0x3b]);

/** Its blocks up to the end of the first image. */
function ofGif(bytes: Buffer): FrameParts | null {
  const blocks = new Blocks(bytes);
  let at = 13 + colourTableBytes(bytes.readUInt8(10));
  while (bytes.readUInt8(at) === 0x21) at = blocks.endOf(at + 2);
  if (bytes.readUInt8(at) !== 0x2c) return null;
  const end = blocks.endOf(at + 11 + colourTableBytes(bytes.readUInt8(at + 9)));
  return end > bytes.length ? null : [{ start: 0, end }, gifEnd];
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Data of a GIF lies in blocks with their length in front; one of length zero ends it. */
class Blocks {
  readonly #bytes: Buffer;
  #left = maxBlocks;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @throws RangeError beyond the end of the bytes, or after too many blocks */
  endOf(start: number): number {
    for (let at = start; ;) {
      const length = this.#bytes.readUInt8(at);
      at += length + 1;
      if (length === 0) return at;
      if ((this.#left -= 1) < 0) throw new RangeError("too many blocks");
    }
  }
}

/** Flags of metadata, which lies behind the frames. */
const behind = 0x0c;
/** Where the flags of the extended header are. */
const flagsAt = 20;

/** Its chunks up to the end of the first frame, under a header of their own. */
function ofWebp(bytes: Buffer): FrameParts | null {
  let at = 12;
  for (let chunk = 0; chunk < maxBlocks; chunk += 1) {
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    if (bytes.toString("latin1", at, at + 4) === "ANMF") {
      if (end > bytes.length) return null;
      // Of its own memory: what it is taken from is large, and it may be kept.
      const header = Buffer.alloc(flagsAt + 1);
      bytes.copy(header, 0, 0, header.length);
      header.writeUInt32LE(end - 8, 4);
      header[flagsAt] = header[flagsAt]! & ~behind;
      return [header, { start: header.length, end }];
    }
    at = end;
  }
  return null;
}

const ofAnimation: ReadonlySet<string> = new Set(["acTL", "fcTL", "fdAT"]);
const pngEnd = Buffer.from("0000000049454e44ae426082", "hex");

/** The picture that readers show who know no animations; in nearly all files it is the first frame. */
function ofApng(bytes: Buffer): FrameParts | null {
  const stretches: { start: number; end: number }[] = [{ start: 0, end: 8 }];
  let hasData = false;
  let at = 8;
  for (let chunk = 0; chunk < maxBlocks; chunk += 1) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (hasData && type !== "IDAT") return [...stretches, pngEnd];
    if (end > bytes.length) return null;
    hasData = type === "IDAT";
    const last = stretches.at(-1)!;
    if (ofAnimation.has(type)) at = end;
    else if (last.end === at) at = last.end = end;
    else if (stretches.push({ start: at, end }) > maxStretches) return null;
    else at = end;
  }
  return null;
}
