import { type Box, BoxCursor, type BoxReader } from "./boxes.ts";
import { makeFree } from "./free-box.ts";
import { frameSizesOfTrack } from "./heif-samples.ts";

interface Size {
  width: number;
  height: number;
}

const containers: ReadonlySet<string> = new Set(["trak", "mdia", "minf", "stbl"]);
const timed: ReadonlySet<string> = new Set(["mvhd", "tkhd", "mdhd"]);
const described: ReadonlySet<string> = new Set(["udta", "meta", "uuid"]);

/** Of an animation: overwrites what describes it and when it was made, and answers the sizes of its tracks and their frames. */
export function cleanMovie(reader: BoxReader, movie: Box): Size[] {
  const { bytes } = reader;
  const boxes = reader.read(movie.body, movie.end);
  const sizes: Size[] = movie.type === "stbl" ? frameSizesOfTrack(bytes, boxes) : [];
  for (const box of boxes) {
    if (described.has(box.type)) makeFree(bytes, box);
    if (timed.has(box.type)) bytes.fill(0, box.body + 4, box.body + 4 + (bytes.readUInt8(box.body) === 1 ? 16 : 8));
    if (box.type === "tkhd") sizes.push(trackSize(bytes, box));
    if (containers.has(box.type)) sizes.push(...cleanMovie(reader, box));
  }
  // Tracks without a picture have no size.
  return sizes.filter(({ width, height }) => width > 0 && height > 0);
}

/** Fixed point numbers at the end of the box. */
function trackSize(bytes: Buffer, box: Box): Size {
  const cursor = new BoxCursor(bytes, { ...box, body: box.end - 8 });
  return { width: cursor.number(4) >>> 16, height: cursor.number(4) >>> 16 };
}
