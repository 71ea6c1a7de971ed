import { endianReader } from "./endian-reader.ts";

const orientationTag = 0x0112;
const shortType = 3;

/** How a picture is to be turned, 1 (not at all) to 8, from the TIFF structure inside Exif. 1 when it cannot be read. */
export function orientationOf(tiff: Buffer): number {
  try {
    const read = endianReader(tiff);
    if (!read) return 1;
    const directory = read.uint32(4);
    const count = read.uint16(directory);
    for (let index = 0; index < count; index += 1) {
      const entry = directory + 2 + index * 12;
      if (read.uint16(entry) !== orientationTag) continue;
      const value = read.uint16(entry + 2) === shortType ? read.uint16(entry + 8) : 1;
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch {
    // The directory points beyond the end.
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
