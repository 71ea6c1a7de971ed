import { readStream } from "./av1.ts";
import { type Box, BoxCursor, type BoxReader } from "./boxes.ts";
import { BlockCounter, requirePicture } from "./clean-picture.ts";
import { makeFree } from "./free-box.ts";

/** Exif; XMP and other documents. */
const metadataItems: ReadonlySet<string> = new Set(["Exif", "mime", "uri "]);
/** Pictures, and what is put together of several. */
const decodedItems: ReadonlySet<string> = new Set(["av01", "grid"]);
const keptInMeta: ReadonlySet<string> = new Set("hdlr pitm iloc iinf iprp iref idat grpl dinf ipro".split(" "));

/** No offset, then a TIFF header with an empty directory: what a reader of Exif takes for "nothing known". */
const emptyExif = Buffer.from("\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0", "latin1");

interface Size {
  width: number;
  height: number;
}

interface Extent {
  start: number;
  length: number;
}

/** Overwrites the metadata that the boxes of `meta` point to, wherever in the file it lies. */
export function blankItems(reader: BoxReader, boxes: readonly Box[]): void {
  const { bytes } = reader;
  const types = itemTypes(reader, boxes);
  const blanked = extents(reader, boxes, (itemId) => metadataItems.has(types.get(itemId) ?? ""));
  // Items may share their bytes, but there is never more metadata than file.
  const sum = blanked.reduce((total, { length }) => total + length, 0);
  requirePicture(sum <= bytes.length, "more metadata than file");
  for (const { start, length, itemId } of blanked) {
    bytes.fill(0, start, start + length);
    if (types.get(itemId) === "Exif" && length >= emptyExif.length) emptyExif.copy(bytes, start);
  }
  for (const box of boxes) if (!keptInMeta.has(box.type)) makeFree(bytes, box);
}

/** The sizes that the pictures inside have at most when they are decoded, and those that are put together of others. */
export function frameSizesOfItems(reader: BoxReader, boxes: readonly Box[]): Size[] {
  const counter = new BlockCounter();
  return decodedContents(reader, boxes).flatMap(({ type, content }) =>
    type === "grid" ? [sizeOfGrid(content)] : readStream(content, counter).sizes,
  );
}

/** The bytes of what a decoder makes pictures of. */
export function decodedContents(reader: BoxReader, boxes: readonly Box[]): { type: string; content: Buffer }[] {
  const { bytes } = reader;
  const types = itemTypes(reader, boxes);
  const places = extents(reader, boxes, (itemId) => decodedItems.has(types.get(itemId) ?? ""));
  const sum = places.reduce((total, { length }) => total + length, 0);
  requirePicture(sum <= bytes.length, "more pictures than file");
  // An item may lie in several places.
  return [...Map.groupBy(places, ({ itemId }) => itemId)].map(([itemId, parts]) => ({
    type: types.get(itemId)!,
    content: Buffer.concat(parts.map(({ start, length }) => bytes.subarray(start, start + length))),
  }));
}

/** Behind a version, flags, and how many rows and columns it has. */
function sizeOfGrid(content: Buffer): Size {
  const bytes = (content.readUInt8(1) & 1) === 0 ? 2 : 4;
  return { width: content.readUIntBE(4, bytes), height: content.readUIntBE(4 + bytes, bytes) };
}

export function itemTypes(reader: BoxReader, boxes: readonly Box[]): Map<number, string> {
  const types = new Map<number, string>();
  for (const iinf of boxes.filter(({ type }) => type === "iinf")) {
    const countBytes = reader.bytes.readUInt8(iinf.body) === 0 ? 2 : 4;
    for (const entry of reader.read(iinf.body + 4 + countBytes, iinf.end)) {
      requirePicture(entry.type === "infe", "an unknown entry in the list of items");
      const cursor = new BoxCursor(reader.bytes, entry);
      const version = cursor.number(1);
      requirePicture(version === 2 || version === 3, "an old list of items");
      cursor.skip(3);
      const itemId = cursor.number(version === 2 ? 2 : 4);
      cursor.skip(2);
      types.set(itemId, cursor.type());
    }
  }
  return types;
}

function extents(
  reader: BoxReader,
  boxes: readonly Box[],
  isWanted: (itemId: number) => boolean,
): (Extent & { itemId: number })[] {
  const counter = new BlockCounter();
  const idat = boxes.find(({ type }) => type === "idat");
  const places = boxes
    .filter(({ type }) => type === "iloc")
    .flatMap((iloc) => readPlaces(reader.bytes, iloc, { counter, isWanted }));
  return places.map((place) => ({ itemId: place.itemId, ...extentOf(reader.bytes, place, idat) }));
}

interface Place {
  itemId: number;
  /** 0: in the file, 1: in `idat`, 2: in other items. */
  method: number;
  offset: number;
  length: number;
}

function readPlaces(
  bytes: Buffer,
  iloc: Box,
  { counter, isWanted }: { counter: BlockCounter; isWanted: (itemId: number) => boolean },
): Place[] {
  const places: Place[] = [];
  const cursor = new BoxCursor(bytes, iloc);
  const version = cursor.number(1);
  requirePicture(version <= 2, "an unknown list of places");
  cursor.skip(3);
  const sizes = cursor.number(2);
  const sizeAt = (shift: number) => (sizes >> shift) & 15;
  const lengthSize = sizeAt(8);
  // Places that take no room could be without number.
  requirePicture(lengthSize > 0, "places without a length");
  const count = cursor.number(version < 2 ? 2 : 4);
  for (let index = 0; index < count; index += 1) {
    const itemId = cursor.number(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : cursor.number(2) & 15;
    cursor.skip(2);
    const base = cursor.number(sizeAt(4));
    const extentCount = cursor.number(2);
    for (let extent = 0; extent < extentCount; extent += 1) {
      counter.next();
      if (version > 0) cursor.skip(sizeAt(0));
      const offset = base + cursor.number(sizeAt(12));
      const length = cursor.number(lengthSize);
      if (isWanted(itemId)) places.push({ itemId, method, offset, length });
    }
  }
  return places;
}

function extentOf(bytes: Buffer, { method, offset, length }: Place, idat: Box | undefined): Extent {
  requirePicture(method === 0 || (method === 1 && idat !== undefined), "metadata inside other items");
  const start = method === 0 ? offset : idat!.body + offset;
  const end = method === 0 ? bytes.length : idat!.end;
  requirePicture(length > 0 && start + length <= end, "metadata beyond the end");
  return { start, length };
}
