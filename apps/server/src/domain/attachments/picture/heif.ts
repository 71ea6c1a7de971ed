import { BoxReader } from "./boxes.ts";
import { type CleanPicture, requirePicture } from "./clean-picture.ts";
import { makeFree } from "./free-box.ts";
import { isQuick } from "./heif-cost.ts";
import { blankItems, frameSizesOfItems } from "./heif-items.ts";
import { cleanMovie } from "./heif-movie.ts";
import { readProperties } from "./heif-properties.ts";

/** Everything else at the top, such as `uuid` or a phone's own boxes, becomes free space. */
const kept: ReadonlySet<string> = new Set(["ftyp", "meta", "mdat", "moov"]);
/** A box with a version and flags in front of its content. */
const fullBoxBytes = 4;

export interface CleanHeif extends CleanPicture {
  /** Of each picture inside, turned or not: tiles, thumbnails and tracks too; as the file says, and as a decoder makes them. */
  readonly inner: readonly { width: number; height: number }[];
  /** A decoder of AVIF works on few pictures. */
  readonly isQuick: boolean;
  /** Such a decoder takes it for one, whatever comes first among the types that it names. */
  readonly isAvif: boolean;
}

/**
 * AVIF and HEIC. Metadata is overwritten in its place, since everything in these files is found by its offset: Exif and
 * XMP items, boxes of makers, times of creation. Orientation is a property of its own (`irot`, `imir`) and stays.
 */
export function cleanHeif(original: Buffer): CleanHeif {
  const bytes = Buffer.from(original);
  const reader = new BoxReader(bytes);
  const top = reader.read(0, bytes.length);
  requirePicture(top[0]?.type === "ftyp", "a picture's file names its type first");
  for (const box of top) if (!kept.has(box.type)) makeFree(bytes, box);
  const brands = bytes.toString("latin1", top[0].body, top[0].end);
  const metas = top.filter(({ type }) => type === "meta");
  const movies = top.filter(({ type }) => type === "moov");
  requirePicture(metas.length <= 1 && movies.length <= 1, "two descriptions in one file");
  const inner: { width: number; height: number }[] = [];
  let shown: { width: number; height: number } | undefined;
  // A short description, which is not read here, may stand in place of the other.
  let isQuickToDecode = top.every(({ type }) => type !== "mini");
  for (const meta of metas) {
    const boxes = reader.read(meta.body + fullBoxBytes, meta.end);
    const properties = readProperties(reader, boxes);
    shown = properties.shown;
    inner.push(...properties.all, ...frameSizesOfItems(reader, boxes));
    isQuickToDecode &&= isQuick(reader, boxes);
    blankItems(reader, boxes);
  }
  for (const movie of movies) inner.push(...cleanMovie(reader, movie));
  shown ??= inner[0];
  requirePicture(shown !== undefined, "no picture in the file");
  return { ...shown, inner, isQuick: isQuickToDecode, isAvif: /avi[fs]/.test(brands), parts: [bytes] };
}

/** Whether that is known of an AVIF; false for what cannot be read. */
export function isQuickAvif(bytes: Uint8Array): boolean {
  try {
    return cleanHeif(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).isQuick;
  } catch {
    return false;
  }
}
