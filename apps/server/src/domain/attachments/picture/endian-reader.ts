interface EndianReader {
  uint16(offset: number): number;
  uint32(offset: number): number;
}

/** Reads by the byte order that a TIFF header names; null when there is no such header. */
export function endianReader(tiff: Buffer): EndianReader | null {
  const mark = tiff.toString("latin1", 0, 4);
  if (mark === "II*\0") {
    return { uint16: (offset) => tiff.readUInt16LE(offset), uint32: (offset) => tiff.readUInt32LE(offset) };
  }
  if (mark === "MM\0*") {
    return { uint16: (offset) => tiff.readUInt16BE(offset), uint32: (offset) => tiff.readUInt32BE(offset) };
  }
  return null;
}
