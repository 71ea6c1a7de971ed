import { constants, inflateRawSync } from "node:zlib";
import type { MainEvent, MainFrame } from "@miscord/protocol";

export interface ReadFrame {
  opcode: number;
  isCompressed: boolean;
  payload: Buffer;
}

/** Reads server frames of RFC 6455 strictly: complete, unmasked, unfragmented, with the shortest length encoding. */
export function readFrames(bytes: Buffer): ReadFrame[] {
  const frames: ReadFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    if ((first & 0xb0) !== 0x80 || second > 127) throw new Error(`bad frame header ${first} ${second}`);
    const { length, headerLength } = lengthOf(bytes, at, second);
    const payload = bytes.subarray(at + headerLength, at + headerLength + length);
    if (payload.length < length) throw new Error("the frame is cut off");
    const isCompressed = (first & 0x40) !== 0;
    frames.push({ opcode: first & 0x0f, isCompressed, payload: isCompressed ? inflate(payload) : payload });
    at += headerLength + length;
  }
  return frames;
}

export function eventsIn(bytes: Buffer): MainEvent[] {
  const texts = readFrames(bytes).filter(({ opcode }) => opcode === 1);
  const frames = texts.map(({ payload }) => JSON.parse(payload.toString()) as MainFrame);
  return frames.flatMap((frame) => (frame.type === "batch" ? frame.messages : [frame]));
}

function lengthOf(bytes: Buffer, at: number, second: number): { length: number; headerLength: number } {
  if (second < 126) return { length: second, headerLength: 2 };
  const length = second === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  if (length < (second === 126 ? 126 : 65_536)) throw new Error("the length is not the shortest");
  return { length, headerLength: second === 126 ? 4 : 10 };
}

function inflate(payload: Buffer): Buffer {
  const tail = Buffer.from([0, 0, 0xff, 0xff]);
  return inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH });
}
