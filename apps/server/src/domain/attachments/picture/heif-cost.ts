import { limits } from "@miscord/protocol";
import { readStream } from "./av1.ts";
import type { Box, BoxReader } from "./boxes.ts";
import { BlockCounter } from "./clean-picture.ts";
import { decodedContents, itemTypes } from "./heif-items.ts";
import { propertyBoxes } from "./heif-properties.ts";

/**
 * A picture, tiles put together, metadata, and what turns one into another brightness. Others are put together of any number of pictures,
 * each of which may be so in turn, on a canvas of any size.
 */
const plainItems: ReadonlySet<string> = new Set(["av01", "grid", "Exif", "mime", "uri ", "tmap"]);
/** Of the picture, and of its transparency. */
const maxGrids = 2;
const turns: ReadonlySet<string> = new Set(["irot", "imir", "clap"]);
/** Each once. */
const maxTurns = 3;
/** Of a stream's beginning, which readers may put before each picture. */
const maxConfigurationBytes = 64;
/** For a picture, its transparency, its brightness and a small one. */
const maxPixels = 4 * limits.picturePixels;

/**
 * Whether a decoder of AVIF works on few pictures. A kilobyte has room for dozens of frames in one item, all of which are decoded, for
 * hundreds of turns and for pictures that are put together of each other, which take seconds to hours.
 */
export function isQuick(reader: BoxReader, boxes: readonly Box[]): boolean {
  const types = itemTypes(reader, boxes);
  const { list, associations } = propertyBoxes(reader, boxes);
  const isTurn = ({ index }: { index: number }) => turns.has(list[index - 1]?.type ?? "");
  const turnsOfItems = Map.groupBy(associations.filter(isTurn), ({ item }) => item);
  return (
    types.values().every((type) => plainItems.has(type)) &&
    types
      .values()
      .filter((type) => type === "grid")
      .toArray().length <= maxGrids &&
    turnsOfItems.values().every(({ length }) => length <= maxTurns) &&
    list.every(({ type, body, end }) => type !== "av1C" || end - body <= maxConfigurationBytes) &&
    pixelsAtMost(reader, boxes) <= maxPixels
  );
}

/** As if all pictures inside were as large as the largest: one may be decoded together with each of the others, or be many tiles. */
function pixelsAtMost(reader: BoxReader, boxes: readonly Box[]): number {
  const counter = new BlockCounter();
  const contents = decodedContents(reader, boxes);
  const pictures = contents.filter(({ type }) => type === "av01");
  const grids = contents.filter(({ type }) => type === "grid");
  const largest = pictures.reduce((most, { content }) => {
    const { sizes, frames } = readStream(content, counter);
    const pixels = sizes.map(({ width, height }) => width * height);
    const ofFrame = pixels.length === 0 ? limits.picturePixels : Math.max(...pixels);
    return Math.max(most, ofFrame * Math.max(1, frames));
  }, 0);
  // Behind a version and flags how many rows and columns it has, less one.
  const tiles = grids.reduce((sum, { content }) => sum + (content.readUInt8(2) + 1) * (content.readUInt8(3) + 1), 0);
  return Math.max(pictures.length, tiles) * largest;
}
