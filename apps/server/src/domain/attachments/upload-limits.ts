import { AppError } from "../../errors.ts";
import { blockBytes, uploadedBytes } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "storage" | "settings">;

/** Throws `storage_full` unless the disk keeps its free bytes once all that is reserved has been written. */
export async function requireRoom({ storage, settings }: Context, reservedBytes: number): Promise<void> {
  // What an upload has written already counts twice: refusing a little early is better than filling the disk.
  const free = await storage.freeBytes();
  if (free - reservedBytes < settings.minFreeBytes) throw storageFull();
}

/** Throws `limit_reached` when the user and their bots would keep more than allowed with so many more bytes, sent or not. */
export async function requireQuota({ store, settings }: Context, userId: number, bytes: number): Promise<void> {
  const more = Math.max(bytes, blockBytes);
  const { unsent, total } = await uploadedBytes(store.db, userId);
  if (unsent + more > settings.uploadQuotaBytes) {
    throw new AppError("limit_reached", "Too much is uploaded and not sent yet. Send or remove some of it first.");
  }
  if (settings.uploadTotalBytes > 0 && total + more > settings.uploadTotalBytes) {
    const details = { max_bytes: settings.uploadTotalBytes };
    throw new AppError("limit_reached", "Your files take up all the room that you have on this server.", { details });
  }
}

export function storageFull(cause?: unknown): AppError {
  return new AppError("storage_full", "The server has no room for more files.", { cause });
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError("too_large", `A file may have at most ${maxBytes} bytes.`, { details: { max_bytes: maxBytes } });
}
