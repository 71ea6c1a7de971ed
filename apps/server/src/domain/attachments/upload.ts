import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Attachment } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { presentAttachment } from "../../store/present-message.ts";
import { insertAttachment, unsentBytes } from "../../store/queries/attachments.ts";
import type { Actor, DomainContext } from "../context.ts";
import { pictureSize, sniff } from "./content-type.ts";
import { cleanFilename } from "./filename.ts";

export interface Upload {
  filename: string;
  /** The content type that the client declares; not trusted. */
  declaredType: string;
  /** Ends at the largest size allowed, even when the file goes on. */
  source: Readable;
  /** Whether the file was larger; valid once the source has ended. */
  isTruncated: () => boolean;
}

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "uploadSlots">;

/** Bytes read to find type and picture size; large enough for the metadata that cameras put first. */
const headBytes = 256 * 1024;

/**
 * Stores a file until a message takes it. Type and size are determined from the bytes, not from the client. Throws
 * `too_large`, `limit_reached` (quota), `storage_full`, `rate_limited` or `malformed` (the stream broke off).
 */
export function uploadAttachment(context: Context, { userId }: Actor, upload: Upload): Promise<Attachment> {
  return context.uploadSlots.during(userId, async () => {
    await requireFreeSpace(context);
    await requireQuota(context, userId, 1);
    const key = randomBytes(18).toString("base64url");
    const size = await receive(context, key, upload.source);
    try {
      if (upload.isTruncated()) throw tooLarge(context.settings.maxUploadBytes);
      await requireQuota(context, userId, size);
      return await keep(context, userId, upload, { key, size });
    } catch (error) {
      await context.storage.remove(key);
      throw error;
    }
  });
}

/** An error that has no `syscall` did not come from the disk: then the client broke off the stream. */
async function receive({ storage }: Context, key: string, source: Readable): Promise<number> {
  try {
    return await storage.write(key, source);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error;
    throw new AppError("malformed", "The upload was cut off.", { cause: error });
  }
}

async function keep(
  { store, storage, clock }: Context,
  userId: number,
  { filename, declaredType }: Upload,
  { key, size }: { key: string; size: number },
): Promise<Attachment> {
  const isEmpty = size === 0;
  const head = isEmpty ? Buffer.alloc(0) : await buffer(await storage.read(key, { start: 0, end: headBytes - 1 }));
  const contentType = await sniff(head, declaredType);
  const picture = await pictureSize(head, contentType);
  const row = await insertAttachment(store.db, {
    uploader_id: userId,
    message_id: null,
    ordinal: 0,
    storage_key: key,
    filename: cleanFilename(filename),
    size,
    content_type: contentType,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    created_at: clock.now(),
  });
  return presentAttachment(row);
}

async function requireFreeSpace({ storage, settings }: Context): Promise<void> {
  if ((await storage.freeBytes()) > settings.minFreeBytes) return;
  throw new AppError("storage_full", "The server has no room for more files.");
}

async function requireQuota({ store, settings }: Context, userId: number, more: number): Promise<void> {
  if ((await unsentBytes(store.db, userId)) + more <= settings.uploadQuotaBytes) return;
  throw new AppError("limit_reached", "Too much is uploaded and not sent yet. Send or remove some of it first.");
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError("too_large", `A file may have at most ${maxBytes} bytes.`, { details: { max_bytes: maxBytes } });
}
