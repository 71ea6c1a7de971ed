import type { InspectedSound } from "./inspected-sound.ts";

/** Kilobits per second of layer 3, by the index in a frame's header: of MPEG 1, and of 2 and 2.5. */
const bitrates = [
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const rates = [44_100, 48_000, 32_000] as const;

interface Frame {
  bytes: number;
  ms: number;
}

/** Frames that follow each other, without tags before and after them. Throws `RangeError` when the bytes end too early. */
export function mp3(bytes: Buffer): InspectedSound | null {
  const start = endOfTag(bytes);
  let [end, frames, ms] = [start, 0, 0];
  for (;;) {
    const frame = end + 4 <= bytes.length ? frameAt(bytes, end) : null;
    if (!frame || end + frame.bytes > bytes.length) break;
    end += frame.bytes;
    frames += 1;
    ms += frame.ms;
  }
  // One that is alone may be a coincidence.
  if (frames < 2) return null;
  return { contentType: "audio/mpeg", durationMs: Math.ceil(ms), parts: [bytes.subarray(start, end)] };
}

/** Where an ID3 tag at the beginning ends; its length has seven bits a byte. */
function endOfTag(bytes: Buffer): number {
  if (bytes.toString("latin1", 0, 3) !== "ID3") return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (bytes.readUInt8(at) & 0x7f), 0);
  const footer = (bytes.readUInt8(5) & 0x10) === 0 ? 0 : 10;
  return 10 + size + footer;
}

function frameAt(bytes: Buffer, at: number): Frame | null {
  const head = bytes.readUInt32BE(at);
  const version = (head >>> 19) & 3;
  const isLayer3 = ((head >>> 17) & 3) === 1;
  // Version 1 is reserved; rates and bitrates have values that are none.
  if (head >>> 21 !== 0x7ff || version === 1 || !isLayer3) return null;
  const isFirst = version === 3;
  const kilobits = bitrates[isFirst ? 0 : 1][((head >>> 12) & 15) - 1];
  const fullRate = rates[(head >>> 10) & 3];
  if (kilobits === undefined || fullRate === undefined) return null;
  const rate = fullRate / (isFirst ? 1 : version === 2 ? 2 : 4);
  const samples = isFirst ? 1_152 : 576;
  const padding = (head >>> 9) & 1;
  return { bytes: Math.floor((samples * 125 * kilobits) / rate) + padding, ms: (samples * 1_000) / rate };
}
