const textFrame = 0x81;
const pongFrame = 0x8a;
const maskBit = 0x80;

/** A complete client text frame. Its mask is all zeros, which is legal and saves masking. */
export function encodeText(text: string): Buffer {
  return encode(textFrame, Buffer.from(text));
}

export function encodePong(payload: Buffer): Buffer {
  return encode(pongFrame, payload);
}

function encode(firstByte: number, payload: Buffer): Buffer {
  const extended = payload.length < 126 ? 0 : 2;
  const frame = Buffer.alloc(2 + extended + 4 + payload.length);
  frame[0] = firstByte;
  if (extended === 0) {
    frame[1] = maskBit | payload.length;
  } else {
    frame[1] = maskBit | 126;
    frame.writeUInt16BE(payload.length, 2);
  }
  payload.copy(frame, 6 + extended);
  return frame;
}
