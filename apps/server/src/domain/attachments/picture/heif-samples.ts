import { readStream } from "./av1.ts";
import { type Box, BoxCursor } from "./boxes.ts";
import { BlockCounter, requirePicture } from "./clean-picture.ts";

interface Size {
  width: number;
  height: number;
}

/** A version and flags. */
const headBytes = 4;
/** Of a sample, which is one picture: encoders put some in front of it that are not shown. */
const maxFrames = 16;

/** The sizes that the frames of a track have at most, by the boxes of its table of samples. */
export function frameSizesOfTrack(bytes: Buffer, boxes: readonly Box[]): Size[] {
  const counter = new BlockCounter();
  const only = (...types: string[]) => {
    const found = boxes.filter(({ type }) => types.includes(type));
    requirePicture(found.length <= 1, "two tables of one kind");
    return found[0];
  };
  const [chunks, runs, lengths] = [only("stco", "co64"), only("stsc"), only("stsz")];
  if (!chunks || !runs || !lengths) return [];
  const samplesIn = samplesByChunk(bytes, runs);
  const lengthOf = lengthsOfSamples(bytes, lengths);
  const sizes: Size[] = [];
  const cursor = new BoxCursor(bytes, chunks);
  cursor.skip(headBytes);
  const count = cursor.number(4);
  for (let chunk = 1; chunk <= count; chunk += 1) {
    counter.next();
    let start = cursor.number(chunks.type === "co64" ? 8 : 4);
    for (let left = samplesIn(chunk); left > 0; left -= 1) {
      counter.next();
      const length = lengthOf();
      if (length === null) return sizes;
      const stream = readStream(bytes.subarray(start, start + length), counter);
      requirePicture(stream.frames <= maxFrames, "too many frames in one");
      sizes.push(...stream.sizes);
      start += length;
    }
  }
  return sizes;
}

/** How many samples a chunk has; the first is 1, and they are asked for in their order. */
function samplesByChunk(bytes: Buffer, box: Box): (chunk: number) => number {
  const cursor = new BoxCursor(bytes, box);
  cursor.skip(headBytes);
  let left = cursor.number(4);
  const next = () => {
    if (left === 0) return null;
    left -= 1;
    const run = { first: cursor.number(4), samples: cursor.number(4) };
    cursor.skip(4);
    return run;
  };
  let run = next();
  let after = next();
  return (chunk) => {
    while (after && after.first <= chunk) [run, after] = [after, next()];
    return run?.samples ?? 0;
  };
}

/** The length of the next sample; null after the last. */
function lengthsOfSamples(bytes: Buffer, box: Box): () => number | null {
  const cursor = new BoxCursor(bytes, box);
  cursor.skip(headBytes);
  const same = cursor.number(4);
  let left = cursor.number(4);
  return () => {
    if (left === 0) return null;
    left -= 1;
    return same > 0 ? same : cursor.number(4);
  };
}
