import { Readable } from "node:stream";
import type { Attachment } from "@miscord/protocol";
import { uploadAttachment } from "../attachments/upload.ts";
import type { Actor, DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "uploadSlots" | "inspector">;

interface Gif {
  title: string;
  credit: string | null;
  /** Bytes. */
  size: number;
  read: () => Promise<Readable | Uint8Array>;
}

/**
 * An upload of the actor's, to be sent with a message as every other file: a GIF has no way of its own around the rights and rules
 * of a channel. Throws as `uploadAttachment`.
 */
export async function uploadGif(
  context: Context,
  actor: Actor,
  { title, credit, size, read }: Gif,
): Promise<Attachment> {
  const content = await read();
  const source = content instanceof Readable ? content : Readable.from([content]);
  const filename = `${title.replaceAll(/[./\\]+/g, " ").trim() || "GIF"}.webp`;
  const file = { filename, declaredType: "image/webp", announcedBytes: size, maxBytes: size, credit };
  try {
    return await uploadAttachment(context, actor, { ...file, source, isTruncated: () => false });
  } finally {
    // An upload that is refused reads nothing, and would leave the file open.
    source.destroy();
  }
}
