import { Readable } from "node:stream";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "storage">;

/** What comes before the first frame of a picture that this instance has encoded is far shorter. */
const headBytes = 4_096;
const animation = 0x02;
/** A mark, and how long the file is without the two. */
const lengthEnds = 8;

/** The first frame of a picture that moves, as a file of its own. */
export interface StillPicture {
  readonly length: number;
  /** Reads it from the storage as it is taken: whoever does not read on holds none of it in memory. */
  read(): Readable;
}

/**
 * The picture up to the end of its first frame; null if it does not move. Nothing is decoded: the frames of WebP lie one after the
 * other, each with its place on the canvas.
 */
export async function stillPicture(
  { storage }: Context,
  { id, bytes }: { id: string; bytes: number },
): Promise<StillPicture | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.read(id, { start: 0, end: Math.min(bytes, headBytes) - 1 }))
    chunks.push(chunk as Buffer);
  const head = Buffer.concat(chunks);
  const end = endOfFirstFrame(head);
  if (end === null || end > bytes) return null;
  const beginning = Buffer.from(head.subarray(0, lengthEnds));
  beginning.writeUInt32LE(end - lengthEnds, 4);
  async function* parts(): AsyncGenerator<Buffer> {
    yield beginning;
    yield* (await storage.read(id, { start: lengthEnds, end: end! - 1 })) as AsyncIterable<Buffer>;
  }
  return { length: end, read: () => Readable.from(parts(), { objectMode: false }) };
}

/** Null: the picture has one frame. */
function endOfFirstFrame(head: Buffer): number | null {
  if (head.length < 30 || head.toString("latin1", 12, 16) !== "VP8X") return null;
  if ((head.readUInt8(20) & animation) === 0) return null;
  for (let at = 12; at + 8 <= head.length;) {
    const size = head.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    if (head.toString("latin1", at, at + 4) === "ANMF") return end;
    at = end;
  }
  return null;
}
