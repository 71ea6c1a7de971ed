import { constants, deflateRawSync } from "node:zlib";

/**
 * Server frames of RFC 6455: unmasked and unfragmented, with header and payload in one buffer that the sockets of all
 * subscribers share.
 */
const opcodes = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
const fin = 0x80;
const rsv1 = 0x40;

/** Shorter texts, in UTF-16 units, are not compressed: overhead and CPU time cost more than the bytes saved. */
export const compressFromBytes = 512;
/** Bytes, from RFC 6455, section 5.5. */
const maxControlPayload = 125;

/** One uncompressed text frame. */
export function textFrame(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const bytes = allocate(fin | opcodes.text, length);
  bytes.write(json, bytes.length - length, "utf8");
  return bytes;
}

/** One text frame, compressed with permessage-deflate without context takeover unless the text is short. */
export function deflatedTextFrame(json: string): Buffer {
  if (json.length < compressFromBytes) return textFrame(json);
  const deflated = deflateRawSync(json, { finishFlush: constants.Z_SYNC_FLUSH, level: 4 });
  // The last four bytes are the empty block 00 00 FF FF of the flush, which the receiver puts back (RFC 7692, 7.2.1).
  const payload = deflated.subarray(0, -4);
  const bytes = allocate(fin | rsv1 | opcodes.text, payload.length);
  payload.copy(bytes, bytes.length - payload.length);
  return bytes;
}

export function pingFrame(): Buffer {
  return controlFrame(opcodes.ping, Buffer.alloc(0));
}

/** A pong with the ping's payload. */
export function pongFrame(payload: Buffer): Buffer {
  return controlFrame(opcodes.pong, payload.subarray(0, maxControlPayload));
}

/** A close frame; code 1005 means one without a code. The reason is cut to what a control frame can carry. */
export function closeFrame(code: number, reason = ""): Buffer {
  if (code === 1005) return controlFrame(opcodes.close, Buffer.alloc(0));
  const text = cutUtf8(Buffer.from(reason), maxControlPayload - 2);
  const payload = Buffer.allocUnsafe(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  return controlFrame(opcodes.close, payload);
}

function controlFrame(opcode: number, payload: Buffer): Buffer {
  const bytes = allocate(fin | opcode, payload.length);
  payload.copy(bytes, 2);
  return bytes;
}

/** A buffer with the frame header written and room for a payload of `length` bytes after it. */
function allocate(first: number, length: number): Buffer {
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerLength + length);
  bytes[0] = first;
  if (headerLength === 2) {
    bytes[1] = length;
  } else if (headerLength === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  return bytes;
}

/** The longest prefix that fits and ends between characters: a close reason must be valid UTF-8. */
function cutUtf8(text: Buffer, maxBytes: number): Buffer {
  if (text.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && (text[end]! & 0xc0) === 0x80) end -= 1;
  return text.subarray(0, end);
}
