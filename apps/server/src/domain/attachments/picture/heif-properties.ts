import { type Box, BoxCursor, type BoxReader } from "./boxes.ts";
import { BlockCounter } from "./clean-picture.ts";

interface Size {
  width: number;
  height: number;
}

/** The size that the primary item is shown in, and the sizes of all items. */
export function readProperties(reader: BoxReader, boxes: readonly Box[]): { shown: Size | undefined; all: Size[] } {
  const { list, associations } = propertyBoxes(reader, boxes);
  const all = list.filter(({ type }) => type === "ispe").map((box) => sizeOf(reader.bytes, box));
  const pitm = boxes.find(({ type }) => type === "pitm");
  if (!pitm) return { shown: undefined, all };
  const primary = primaryItem(reader.bytes, pitm);
  const own = associations.filter(({ item }) => item === primary).flatMap(({ index }) => list[index - 1] ?? []);
  return { shown: shownSize(reader.bytes, own), all };
}

/** All properties, and which item has which of them; `index` counts from 1. */
export function propertyBoxes(
  reader: BoxReader,
  boxes: readonly Box[],
): { list: Box[]; associations: { item: number; index: number }[] } {
  const properties = boxes.filter(({ type }) => type === "iprp").flatMap(({ body, end }) => reader.read(body, end));
  const containers = properties.filter(({ type }) => type === "ipco");
  const counter = new BlockCounter();
  return {
    list: containers.flatMap(({ body, end }) => reader.read(body, end)),
    associations: properties
      .filter(({ type }) => type === "ipma")
      .flatMap((box) => associationsIn(reader.bytes, box, counter)),
  };
}

function shownSize(bytes: Buffer, properties: readonly Box[]): Size | undefined {
  let size: Size | undefined;
  for (const box of properties) {
    if (box.type === "ispe") size ??= sizeOf(bytes, box);
    else if (size && box.type === "clap") size = cropped(bytes, box, size);
    else if (size && box.type === "irot" && (bytes.readUInt8(box.body) & 1) === 1) {
      size = { width: size.height, height: size.width };
    }
  }
  return size;
}

function sizeOf(bytes: Buffer, { body }: Box): Size {
  return { width: bytes.readUInt32BE(body + 4), height: bytes.readUInt32BE(body + 8) };
}

/**
 * Browsers cut a picture only where the part that is kept starts in the corner and is whole; any other clean aperture is
 * ignored.
 */
function cropped(bytes: Buffer, box: Box, size: Size): Size {
  const cursor = new BoxCursor(bytes, box);
  const fraction = () => cursor.int32() / cursor.int32();
  const [width, height, right, down] = [fraction(), fraction(), fraction(), fraction()] as const;
  // The offsets are between the middles.
  const isCorner = right + (size.width - width) / 2 === 0 && down + (size.height - height) / 2 === 0;
  const fits = (length: number, most: number) => Number.isInteger(length) && length > 0 && length <= most;
  return isCorner && fits(width, size.width) && fits(height, size.height) ? { width, height } : size;
}

function primaryItem(bytes: Buffer, { body }: Box): number {
  return bytes.readUInt8(body) === 0 ? bytes.readUInt16BE(body + 4) : bytes.readUInt32BE(body + 4);
}

function associationsIn(bytes: Buffer, box: Box, counter: BlockCounter): { item: number; index: number }[] {
  const cursor = new BoxCursor(bytes, box);
  const version = cursor.number(1);
  const isWide = (cursor.number(3) & 1) === 1;
  const count = cursor.number(4);
  const found: { item: number; index: number }[] = [];
  for (let entry = 0; entry < count; entry += 1) {
    const item = cursor.number(version === 0 ? 2 : 4);
    const associations = cursor.number(1);
    for (let association = 0; association < associations; association += 1) {
      counter.next();
      found.push({ item, index: isWide ? cursor.number(2) & 0x7fff : cursor.number(1) & 0x7f });
    }
  }
  return found;
}
