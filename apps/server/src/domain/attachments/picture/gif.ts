import { BlockCounter, type CleanPicture, requirePicture } from "./clean-picture.ts";

const loops: ReadonlySet<string> = new Set(["NETSCAPE2.0", "ANIMEXTS1.0"]);
const colourProfile = "ICCRGBG1012";
const trailer = Buffer.from([0x3b]);

interface GifState {
  parts: Buffer[];
  readonly counter: BlockCounter;
  /** Delay and transparency for the block that follows. */
  control: Buffer | null;
  width: number;
  height: number;
  frames: number;
}

/** Keeps frames, timing, looping and the ICC profile; drops comments, texts, XMP and what follows the end. */
export function cleanGif(bytes: Buffer): CleanPicture {
  requirePicture(/^GIF8[79]a$/.test(bytes.toString("latin1", 0, 6)), "not a GIF");
  const head = 13 + colourTableBytes(bytes.readUInt8(10));
  requirePicture(head <= bytes.length, "a GIF is cut off");
  const state: GifState = {
    parts: [bytes.subarray(0, head)],
    counter: new BlockCounter(),
    control: null,
    width: bytes.readUInt16LE(6),
    height: bytes.readUInt16LE(8),
    frames: 0,
  };
  let position = head;
  // One that was cut off between two frames shows what it has.
  while (position < bytes.length && bytes[position] !== 0x3b) position = readBlock(bytes, position, state);
  requirePicture(state.frames > 0, "no frame in the GIF");
  const { width, height, frames } = state;
  return { width, height, isAnimated: frames > 1, parts: [...state.parts, trailer] };
}

function readBlock(bytes: Buffer, start: number, state: GifState): number {
  state.counter.next();
  const kind = bytes.readUInt8(start);
  if (kind === 0x2c) return readFrame(bytes, start, state);
  requirePicture(kind === 0x21, "an unknown GIF block");
  const label = bytes.readUInt8(start + 1);
  const end = endOfBlocks(bytes, start + 2);
  if (label === 0xf9) state.control = bytes.subarray(start, end);
  else if (label === 0xff) keepApplicationData(bytes.subarray(start, end), state);
  // A text uses up the timing that stands before it.
  else if (label === 0x01) state.control = null;
  return end;
}

function readFrame(bytes: Buffer, start: number, state: GifState): number {
  const right = bytes.readUInt16LE(start + 1) + bytes.readUInt16LE(start + 5);
  const bottom = bytes.readUInt16LE(start + 3) + bytes.readUInt16LE(start + 7);
  const end = endOfBlocks(bytes, start + 11 + colourTableBytes(bytes.readUInt8(start + 9)));
  // Browsers enlarge the canvas to the first frame, and some to any.
  state.width = Math.max(state.width, right);
  state.height = Math.max(state.height, bottom);
  if (state.control) state.parts.push(state.control);
  state.control = null;
  state.parts.push(bytes.subarray(start, end));
  state.frames += 1;
  return end;
}

function keepApplicationData(block: Buffer, state: GifState): void {
  const name = block[2] === 11 ? block.toString("latin1", 3, 14) : "";
  if (name === colourProfile) state.parts.push(block);
  // How often it loops is three bytes; whatever follows them is not kept.
  if (loops.has(name) && block[14] === 3 && block.length >= 19) {
    state.parts.push(Buffer.concat([block.subarray(0, 18), Buffer.alloc(1)]));
  }
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Data lies in blocks with their length in front; one of length zero ends it. */
function endOfBlocks(bytes: Buffer, start: number): number {
  let position = start;
  for (;;) {
    const length = bytes.readUInt8(position);
    position += length + 1;
    if (length === 0) return position;
  }
}
