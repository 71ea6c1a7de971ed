import { BlockCounter, type CleanPicture, requirePicture } from "./clean-picture.ts";
import { orientationOf, orientationTiff, turned } from "./exif.ts";

const startOfImage = Buffer.from([0xff, 0xd8]);
const endOfImage = Buffer.from([0xff, 0xd9]);
const exifMark = "Exif\0\0";

/** Pictures have some ten. Each goes through all pixels, and may take a few bytes: thousands hold up whoever looks at it. */
const maxScans = 100;

interface JpegState {
  parts: Buffer[];
  readonly counter: BlockCounter;
  size: { width: number; height: number } | null;
  orientation: number | null;
  scans: number;
}

/**
 * Keeps what decodes the picture: tables, frames, scans, JFIF density, Adobe's colour transform and the ICC profile.
 * Drops Exif except for the orientation, XMP, IPTC, comments, thumbnails, maker notes and all that follows the end,
 * such as the second picture or the video of a phone's photo.
 */
export function cleanJpeg(bytes: Buffer): CleanPicture {
  requirePicture(bytes.length > 4 && bytes.subarray(0, 2).equals(startOfImage), "not a JPEG");
  const state: JpegState = { parts: [], counter: new BlockCounter(), size: null, orientation: null, scans: 0 };
  let position = 2;
  while (position !== -1) position = readSegment(bytes, position, state);
  requirePicture(state.size !== null && state.scans > 0, "no picture in the JPEG");
  const orientation = state.orientation ?? 1;
  const [first, ...rest] = state.parts;
  // JFIF wants to come first.
  const order =
    first?.[1] === 0xe0 ? [first, ...exifOf(orientation), ...rest] : [...exifOf(orientation), ...state.parts];
  return { ...turned(state.size, orientation), parts: [startOfImage, ...order, endOfImage] };
}

function exifOf(orientation: number): Buffer[] {
  return orientation === 1
    ? []
    : [segment(0xe1, Buffer.concat([Buffer.from(exifMark, "latin1"), orientationTiff(orientation)]))];
}

/** Answers where the next segment starts, -1 at the end. */
function readSegment(bytes: Buffer, start: number, state: JpegState): number {
  // A file that was cut off shows as far as it goes.
  if (start >= bytes.length && state.scans > 0) return -1;
  state.counter.next();
  requirePicture(bytes[start] === 0xff, "no JPEG marker");
  let position = start + 1;
  while (bytes[position] === 0xff) position += 1;
  const marker = bytes[position]!;
  if (marker === 0xd9) return -1;
  const body = position + 1;
  const end = body + bytes.readUInt16BE(body);
  requirePicture(end >= body + 2 && end <= bytes.length, "a JPEG segment is cut off");
  takeSegment(marker, bytes.subarray(body + 2, end), state);
  if (marker !== 0xda) return end;
  const next = endOfScan(bytes, end);
  state.scans += 1;
  requirePicture(state.scans <= maxScans, "too many scans");
  state.parts.push(bytes.subarray(end, next));
  return next;
}

function takeSegment(marker: number, content: Buffer, state: JpegState): void {
  if (isFrame(marker)) {
    requirePicture(state.size === null, "two frames in one JPEG");
    state.size = { height: content.readUInt16BE(1), width: content.readUInt16BE(3) };
  }
  const isMetadata = marker === 0xfe || (marker >= 0xe0 && marker <= 0xef);
  if (isMetadata) {
    if (marker === 0xe1 && startsWith(content, exifMark)) state.orientation ??= orientationOf(content.subarray(6));
    const kept = keptApplicationData(marker, content);
    if (kept) state.parts.push(segment(marker, kept));
    return;
  }
  requirePicture((marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xda && marker <= 0xdd), "an unknown JPEG marker");
  state.parts.push(segment(marker, content));
}

function keptApplicationData(marker: number, content: Buffer): Buffer | null {
  if (marker === 0xe0 && startsWith(content, "JFIF\0") && content.length >= 14) {
    // Version and density; a width and height of zero stand for no thumbnail.
    return Buffer.concat([content.subarray(0, 12), Buffer.alloc(2)]);
  }
  if (marker === 0xe2 && startsWith(content, "ICC_PROFILE\0")) return content;
  if (marker === 0xee && startsWith(content, "Adobe") && content.length >= 12) return content.subarray(0, 12);
  return null;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Whether a JPEG has more scans than pictures have, as decoders read it: what is between two segments is passed over. False for what
 * is no JPEG.
 */
export function hasManyScans(bytes: Uint8Array): boolean {
  const jpeg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!jpeg.subarray(0, 2).equals(startOfImage)) return false;
  let scans = 0;
  for (let at = 2; at + 4 <= jpeg.length && scans <= maxScans;) {
    const marker = jpeg[at + 1]!;
    if (jpeg[at] !== 0xff || marker === 0 || marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += 2 + (isAlone ? 0 : jpeg.readUInt16BE(at + 2));
    if (marker === 0xda) scans += 1;
  }
  return scans > maxScans;
}

/** Compressed data runs to the next marker that is no restart and no escaped 0xff. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let position = start; position + 1 < bytes.length; position += 1) {
    if (bytes[position] !== 0xff) continue;
    const next = bytes[position + 1]!;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return position;
  }
  return bytes.length;
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

function startsWith(content: Buffer, mark: string): boolean {
  return content.toString("latin1", 0, mark.length) === mark;
}
