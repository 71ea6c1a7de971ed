import { endianReader } from "./endian-reader.ts";

const orientationTag = 0x0112;
const shortType = 3;

const headerBytes = 8;
const entryBytes = 12;

/**
 * How a picture is to be turned, 1 (not at all) to 8, from the TIFF structure inside Exif. 1 when it cannot be read: a
 * directory beyond the end is common, and reading it would throw, which takes long in a file with many of them.
 */
export function orientationOf(tiff: Buffer): number {
  const read = tiff.length < headerBytes ? null : endianReader(tiff);
  if (!read) return 1;
  const directory = read.uint32(4);
  if (directory + 2 > tiff.length) return 1;
  const entries = Math.min(read.uint16(directory), Math.floor((tiff.length - directory - 2) / entryBytes));
  for (let index = 0; index < entries; index += 1) {
    const entry = directory + 2 + index * entryBytes;
    if (read.uint16(entry) !== orientationTag) continue;
    const value = read.uint16(entry + 2) === shortType ? read.uint16(entry + 8) : 1;
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** From 5 on a picture lies on its side. */
export function turned(
  { width, height }: { width: number; height: number },
  orientation: number,
): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** A TIFF structure that holds the orientation and nothing else. */
export function orientationTiff(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(orientationTag, 10);
  tiff.writeUInt16BE(shortType, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
