import type { InspectedSound } from "./inspected-sound.ts";

/** Whole numbers and floating point. */
const formats = new Set([1, 3]);
/** A longer header has the format later. */
const extensible = 0xfffe;

/** Throws `RangeError` when the bytes end too early. */
export function wav(bytes: Buffer): InspectedSound | null {
  if (bytes.toString("latin1", 8, 12) !== "WAVE") return null;
  let format: Buffer | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString("latin1", at, at + 4);
    const chunk = bytes.subarray(at, Math.min(bytes.length, at + 8 + bytes.readUInt32LE(at + 4)));
    if (id === "fmt ") format = chunk;
    if (id === "data") return format && described(format, chunk.subarray(8));
    at += chunk.length + (chunk.length % 2);
  }
  return null;
}

function described(format: Buffer, data: Buffer): InspectedSound | null {
  const channels = format.readUInt16LE(10);
  const rate = format.readUInt32LE(12);
  const bits = format.readUInt16LE(22);
  const tag = format.readUInt16LE(8);
  const isCoded = !formats.has(tag === extensible ? format.readUInt16LE(32) : tag);
  const isKnown = !isCoded && format.length <= 64 && format.length % 2 === 0 && [8, 16, 24, 32].includes(bits);
  if (!isKnown || channels < 1 || channels > 2 || rate < 4_000 || rate > 192_000) return null;
  const frameBytes = (channels * bits) / 8;
  const whole = Math.floor(data.length / frameBytes);
  // A chunk of an odd length would need another byte.
  const frames = (whole * frameBytes) % 2 === 0 ? whole : whole - 1;
  if (frames < 1) return null;
  const sound = data.subarray(0, frames * frameBytes);
  const head = Buffer.alloc(12, "RIFF    WAVE", "latin1");
  const dataHead = Buffer.alloc(8, "data    ", "latin1");
  head.writeUInt32LE(4 + format.length + dataHead.length + sound.length, 4);
  dataHead.writeUInt32LE(sound.length, 4);
  const durationMs = Math.ceil((frames * 1_000) / rate);
  return { contentType: "audio/wav", durationMs, parts: [head, format, dataHead, sound] };
}
