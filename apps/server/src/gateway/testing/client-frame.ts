import type { Random } from "../../testing/random.ts";

export interface FrameFields {
  fin?: boolean;
  rsv?: number;
  opcode?: number;
  isMasked?: boolean;
  /** The length in the header; the payload's own length when absent. */
  claimedLength?: bigint;
}

/** A client frame of RFC 6455, valid or invalid. */
export function clientFrame(random: Random, payload: Buffer, fields: FrameFields = {}): Buffer {
  const { fin = true, rsv = 0, opcode = 1, isMasked = true } = fields;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const mask = random.bytes(4);
  const body = isMasked ? payload.map((byte, i) => byte ^ mask[i % 4]!) : payload;
  const length = lengthBytes(fields.claimedLength ?? BigInt(payload.length), isMasked);
  return Buffer.concat([Buffer.from([first]), length, isMasked ? mask : Buffer.alloc(0), body]);
}

function lengthBytes(length: bigint, isMasked: boolean): Buffer {
  const bit = isMasked ? 0x80 : 0;
  if (length < 126n) return Buffer.from([bit | Number(length)]);
  const bytes = Buffer.alloc(length < 65_536n ? 3 : 9);
  bytes[0] = bit | (length < 65_536n ? 126 : 127);
  if (length < 65_536n) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}
