import { BlockCounter, type CleanPicture, requirePicture } from "./clean-picture.ts";
import { orientationOf, orientationTiff } from "./exif.ts";

const exifFlag = 0x08;
const xmpFlag = 0x04;
const animationFlag = 0x02;
const kept: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "ALPH", "ANIM", "ICCP"]);
const keptInFrame: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "ALPH"]);

/** Readers look through all frames for each of them: with 25,000, which take a megabyte, a page stands still for six seconds. */
const maxFrames = 5_000;

interface Size {
  width: number;
  height: number;
}

interface WebpState {
  parts: Buffer[];
  readonly counter: BlockCounter;
  header: Buffer | null;
  bitstream: Size | null;
  orientation: number;
  frames: number;
}

/** Keeps pixels, transparency, animation, ICC profile and orientation; drops Exif, XMP and unknown chunks. */
export function cleanWebp(bytes: Buffer): CleanPicture {
  const isWebp = bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
  requirePicture(isWebp, "not a WebP");
  const end = bytes.readUInt32LE(4) + 8;
  requirePicture(end <= bytes.length, "a WebP is cut off");
  const state: WebpState = {
    parts: [],
    counter: new BlockCounter(),
    header: null,
    bitstream: null,
    orientation: 1,
    frames: 0,
  };
  for (const { type, content } of chunks(bytes.subarray(12, end), state.counter)) takeChunk(type, content, state);
  requirePicture(state.bitstream !== null, "no picture in the WebP");
  const { header, orientation } = state;
  // Without the extended header nothing but the bitstream is read, and so no orientation.
  const isTurned = header !== null && orientation !== 1;
  if (header) header[8] = (header[8]! & ~(exifFlag | xmpFlag)) | (isTurned ? exifFlag : 0);
  const body = [...state.parts, ...(isTurned ? [chunk("EXIF", orientationTiff(orientation))] : [])];
  // Browsers do not turn a WebP by its Exif, other programs do.
  const isAnimated = header !== null && (header[8]! & animationFlag) !== 0;
  return { ...sizeOf(header, state.bitstream), isAnimated, parts: [riffHead(body), ...body] };
}

/** Whether a WebP has more frames than pictures have. False for what is no WebP. */
export function hasManyFrames(bytes: Uint8Array): boolean {
  const webp = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (webp.toString("latin1", 0, 4) !== "RIFF" || webp.toString("latin1", 8, 12) !== "WEBP") return false;
  let frames = 0;
  for (let at = 12; at + 8 <= webp.length && frames <= maxFrames;) {
    if (webp.toString("latin1", at, at + 4) === "ANMF") frames += 1;
    const length = webp.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return frames > maxFrames;
}

function takeChunk(type: string, content: Buffer, state: WebpState): void {
  if (type === "VP8X") {
    requirePicture(state.parts.length === 0 && content.length >= 10, "a wrong WebP header");
    state.header = chunk(type, content.subarray(0, 10));
    state.parts.push(state.header);
  } else if (type === "ANMF") {
    state.frames += 1;
    requirePicture(state.frames <= maxFrames, "too many frames");
    const frame = [...chunks(content.subarray(16), state.counter)].filter((inner) => keptInFrame.has(inner.type));
    for (const inner of frame) noteBitstream(inner.type, inner.content, state);
    const inside = frame.map((inner) => chunk(inner.type, inner.content));
    state.parts.push(chunk(type, Buffer.concat([content.subarray(0, 16), ...inside])));
  } else if (kept.has(type)) {
    noteBitstream(type, content, state);
    state.parts.push(chunk(type, content));
  } else if (type === "EXIF") {
    const isPrefixed = content.toString("latin1", 0, 6) === "Exif\0\0";
    state.orientation = orientationOf(isPrefixed ? content.subarray(6) : content);
  }
}

/** The largest one that a decoder will meet. */
function noteBitstream(type: string, content: Buffer, state: WebpState): void {
  if (type !== "VP8 " && type !== "VP8L") return;
  const { width, height } = type === "VP8 " ? lossySize(content) : losslessSize(content);
  state.bitstream = {
    width: Math.max(width, state.bitstream?.width ?? 0),
    height: Math.max(height, state.bitstream?.height ?? 0),
  };
}

function lossySize(content: Buffer): Size {
  requirePicture(content.readUIntBE(3, 3) === 0x9d012a, "no key frame in the WebP");
  return { width: content.readUInt16LE(6) & 0x3fff, height: content.readUInt16LE(8) & 0x3fff };
}

function losslessSize(content: Buffer): Size {
  requirePicture(content.readUInt8(0) === 0x2f, "no lossless picture in the WebP");
  const bits = content.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function sizeOf(header: Buffer | null, bitstream: Size): Size {
  if (!header) return bitstream;
  const size = { width: header.readUIntLE(12, 3) + 1, height: header.readUIntLE(15, 3) + 1 };
  requirePicture(bitstream.width <= size.width && bitstream.height <= size.height, "a WebP frame exceeds its canvas");
  return size;
}

function* chunks(bytes: Buffer, counter: BlockCounter): Generator<{ type: string; content: Buffer }> {
  for (let position = 0; position + 8 <= bytes.length;) {
    counter.next();
    const length = bytes.readUInt32LE(position + 4);
    const start = position + 8;
    requirePicture(start + length <= bytes.length, "a WebP chunk is cut off");
    yield { type: bytes.toString("latin1", position, position + 4), content: bytes.subarray(start, start + length) };
    position = start + length + (length % 2);
  }
}

function chunk(type: string, content: Buffer): Buffer {
  const result = Buffer.alloc(8 + content.length + (content.length % 2));
  result.write(type, 0, "latin1");
  result.writeUInt32LE(content.length, 4);
  content.copy(result, 8);
  return result;
}

function riffHead(body: readonly Buffer[]): Buffer {
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(4 + body.reduce((sum, { length }) => sum + length, 0), 4);
  return head;
}
