import type { DomainContext } from "../context.ts";

/** Where WebP's extended header has its flags. */
const flagsAt = 20;
const animation = 0x02;

/** Whether a stored picture moves. */
export async function isAnimated({ storage }: Pick<DomainContext, "storage">, pictureId: string): Promise<boolean> {
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.read(pictureId, { start: 0, end: flagsAt })) chunks.push(chunk as Buffer);
  const head = Buffer.concat(chunks);
  return head.toString("latin1", 12, 16) === "VP8X" && (head.readUInt8(flagsAt) & animation) !== 0;
}
