import type { DomainContext } from "../context.ts";

/** What comes before the first frame of a picture that this instance has encoded is far shorter. */
const headBytes = 4_096;
const animation = 0x02;

/**
 * The picture up to the end of its first frame, as a file of its own; null if it does not move. Nothing is decoded: the frames of
 * WebP lie one after the other, each with its place on the canvas.
 */
export async function stillPicture(
  { storage }: Pick<DomainContext, "storage">,
  { id, bytes }: { id: string; bytes: number },
): Promise<Buffer | null> {
  const end = endOfFirstFrame(await read(storage, id, Math.min(bytes, headBytes)));
  if (end === null || end > bytes) return null;
  const still = await read(storage, id, end);
  still.writeUInt32LE(end - 8, 4);
  return still;
}

async function read(storage: DomainContext["storage"], id: string, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.read(id, { start: 0, end: length - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
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
