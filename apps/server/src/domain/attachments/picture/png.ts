import { crc32 } from "node:zlib";
import { BlockCounter, type CleanPicture, requirePicture } from "./clean-picture.ts";
import { orientationOf, orientationTiff, turned } from "./exif.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Pixels, colour, density and animation. Everything else describes the picture: texts, Exif, times, private chunks. */
const kept: ReadonlySet<string> = new Set(
  (
    "IHDR PLTE IDAT IEND tRNS bKGD hIST sPLT pHYs " +
    "cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI " +
    "acTL fcTL fdAT"
  ).split(" "),
);

/** A PNG or APNG. What follows its end is dropped. */
export function cleanPng(bytes: Buffer): CleanPicture & { isAnimated: boolean } {
  requirePicture(bytes.subarray(0, 8).equals(signature), "not a PNG");
  requirePicture(bytes.toString("latin1", 12, 16) === "IHDR", "a PNG starts with its header");
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const parts: Buffer[] = [];
  let orientation = 1;
  let firstData = -1;
  let isAnimated = false;
  const counter = new BlockCounter();
  for (let position = 8, type = ""; type !== "IEND";) {
    counter.next();
    const end = position + 12 + bytes.readUInt32BE(position);
    requirePicture(end <= bytes.length, "a PNG chunk is cut off");
    type = bytes.toString("latin1", position + 4, position + 8);
    if (type === "IDAT" && firstData === -1) firstData = parts.length;
    if (type === "acTL" && firstData === -1) isAnimated = true;
    if (type === "eXIf") orientation = orientationOf(bytes.subarray(position + 8, end - 4));
    if (kept.has(type)) parts.push(bytes.subarray(position, end));
    position = end;
  }
  requirePicture(firstData !== -1, "no pixels in the PNG");
  if (orientation !== 1) parts.splice(firstData, 0, chunk("eXIf", orientationTiff(orientation)));
  return { ...turned(size, orientation), isAnimated, parts: [signature, ...parts] };
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(content.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}
