import { constants, inflateRawSync } from "node:zlib";

const finBit = 0x80;
const deflatedBit = 0x40;
const deflateTail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface FrameSink {
  /** Whether to pass on the payload; otherwise it is skipped without a copy. */
  wants(opcode: number, payloadBytes: number): boolean;
  /** Called for every complete frame. `payload` is null when it was not wanted; otherwise inflated. */
  frame(opcode: number, payload: Buffer | null): void;
}

/**
 * Parses server frames from a stream of chunks. All connections share the buffer of the chunks, so data kept beyond one
 * call is copied. An unwanted frame costs only parsing its header.
 */
export class FrameParser {
  #sink: FrameSink;
  #header = Buffer.alloc(10);
  #headerLength = 0;
  #remaining = -1;
  #collected: Buffer[] | null = null;
  #opcode = 0;
  #deflated = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  feed(chunk: Uint8Array, start: number, end: number): void {
    let offset = start;
    while (offset < end) {
      if (this.#remaining < 0) {
        offset = this.#readHeader(chunk, offset, end);
        if (this.#remaining < 0) continue;
      }
      const take = Math.min(this.#remaining, end - offset);
      if (this.#collected && take > 0) this.#collected.push(Buffer.from(chunk.subarray(offset, offset + take)));
      this.#remaining -= take;
      offset += take;
      if (this.#remaining === 0) this.#finish();
    }
  }

  #readHeader(chunk: Uint8Array, from: number, end: number): number {
    let offset = from;
    while (offset < end) {
      this.#header[this.#headerLength++] = chunk[offset++]!;
      if (this.#headerLength === headerBytes(this.#header, this.#headerLength)) {
        this.#begin();
        return offset;
      }
    }
    return offset;
  }

  #begin(): void {
    const first = this.#header[0]!;
    if ((first & finBit) === 0) throw new Error("fragmented frame: no contestant sends them");
    this.#headerLength = 0;
    this.#opcode = first & 0x0f;
    this.#deflated = (first & deflatedBit) !== 0;
    this.#remaining = payloadBytes(this.#header);
    this.#collected = this.#sink.wants(this.#opcode, this.#remaining) ? [] : null;
    if (this.#remaining === 0) this.#finish();
  }

  #finish(): void {
    this.#remaining = -1;
    const payload = this.#collected && joined(this.#collected);
    this.#sink.frame(this.#opcode, payload && this.#deflated ? inflate(payload) : payload);
  }
}

function headerBytes(header: Buffer, have: number): number {
  if (have < 2) return 2;
  const length = header[1]! & 0x7f;
  return length === 127 ? 10 : length === 126 ? 4 : 2;
}

function payloadBytes(header: Buffer): number {
  const length = header[1]! & 0x7f;
  if (length === 127) return Number(header.readBigUInt64BE(2));
  return length === 126 ? header.readUInt16BE(2) : length;
}

function joined(parts: Buffer[]): Buffer {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function inflate(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, deflateTail]), { finishFlush: constants.Z_SYNC_FLUSH });
}
