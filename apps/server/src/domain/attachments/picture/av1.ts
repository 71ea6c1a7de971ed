import type { BlockCounter } from "./clean-picture.ts";

interface Size {
  width: number;
  height: number;
}

const sequenceHeader = 1;
/** A header alone, and one with the frame's tiles. */
const frames: ReadonlySet<number> = new Set([3, 6]);

interface Stream {
  /**
   * That it says its frames have at most: a decoder makes frames of these, whatever the file around it says, and shrinks them
   * afterwards.
   */
  readonly sizes: readonly Size[];
  /** A decoder makes all of them, though a picture shows one. */
  readonly frames: number;
}

/** An AV1 stream. What follows the first unit that is cut off no decoder reads. Throws for a header that is cut off. */
export function readStream(stream: Buffer, counter: BlockCounter): Stream {
  const sizes: Size[] = [];
  let count = 0;
  for (let at = 0; at < stream.length;) {
    counter.next();
    const head = stream[at]!;
    const [isExtended, hasSize] = [(head & 4) !== 0, (head & 2) !== 0];
    const start = at + (isExtended ? 2 : 1);
    const { body, length } = hasSize ? sizeAt(stream, start) : { body: start, length: stream.length - start };
    const end = body + length;
    if (length < 0 || end > stream.length) break;
    const type = (head >> 3) & 15;
    if (type === sequenceHeader) sizes.push(sizeIn(new Bits(stream.subarray(body, end))));
    if (frames.has(type)) count += 1;
    at = end;
  }
  return { sizes, frames: count };
}

/** Seven bits a byte, the lowest first, eight bytes at most. */
function sizeAt(stream: Buffer, start: number): { body: number; length: number } {
  let length = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = stream.readUInt8(start + index);
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { body: start + index + 1, length };
  }
  return { body: start, length: -1 };
}

/** Reads numbers of any number of bits. Throws beyond the end. */
class Bits {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left -= 1) {
      const byte = this.#bytes.readUInt8(this.#position >> 3);
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position += 1;
    }
    return value;
  }

  isSet(): boolean {
    return this.number(1) === 1;
  }

  skip(bits: number): void {
    this.#position += bits;
  }

  /** A number behind as many zeros as it has bits. */
  skipCounted(): void {
    let zeros = 0;
    while (!this.isSet()) zeros += 1;
    if (zeros < 32) this.skip(zeros);
  }
}

/** Of a sequence header, as AV1's specification has it in 5.5. */
function sizeIn(bits: Bits): Size {
  // Its profile, and whether it is one picture.
  bits.skip(4);
  const isReduced = bits.isSet();
  if (isReduced) bits.skip(5);
  else skipOperation(bits);
  const [widthBits, heightBits] = [bits.number(4) + 1, bits.number(4) + 1];
  return { width: bits.number(widthBits) + 1, height: bits.number(heightBits) + 1 };
}

/** Times, and what it takes to decode the stream in time. */
function skipOperation(bits: Bits): void {
  const delayBits = bits.isSet() ? skipTiming(bits) : null;
  const hasDisplayDelay = bits.isSet();
  const points = bits.number(5) + 1;
  for (let point = 0; point < points; point += 1) {
    bits.skip(12);
    const level = bits.number(5);
    if (level > 7) bits.skip(1);
    if (delayBits !== null && bits.isSet()) bits.skip(2 * delayBits + 1);
    if (hasDisplayDelay && bits.isSet()) bits.skip(4);
  }
}

/** Answers how many bits a delay of the decoder has; null: it has none. */
function skipTiming(bits: Bits): number | null {
  bits.skip(64);
  if (bits.isSet()) bits.skipCounted();
  if (!bits.isSet()) return null;
  const delayBits = bits.number(5) + 1;
  bits.skip(32 + 5 + 5);
  return delayBits;
}
