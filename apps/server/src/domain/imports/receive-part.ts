import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { importLimits, type ImportPart } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { keepNotedFile } from "../../store/queries/exports.ts";
import { noteUnfinishedFile } from "../../store/queries/attachments.ts";
import { importById, insertImportPart } from "../../store/queries/imports.ts";
import { requireAdmin } from "../access.ts";
import { discardFile, removeFiles } from "../attachments/remove-files.ts";
import { requireRoom, storageFull, tooLarge } from "../attachments/upload-limits.ts";
import type { Actor, DomainContext } from "../context.ts";
import { waitingMs } from "./manage-imports.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage" | "settings" | "uploadSlots">;

/** Longer than the storage may take for a part. */
const unfinishedMs = 2 * 3_600_000;
const fullDisk: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Keeps a part of the bytes of an import's files. One that does not come next is passed over: the answer says which byte does,
 * so that an upload goes on where it was cut off. Throws `forbidden`, `not_found`, `conflict` (it takes no files any more),
 * `too_large`, `malformed` (the part was cut off), `storage_full`, `unavailable` or `rate_limited`.
 */
export async function receivePart(
  context: Context,
  actor: Actor,
  { id, at }: { id: string; at: number },
  source: Readable,
): Promise<ImportPart> {
  const { store, uploadSlots } = context;
  const { userId } = actor;
  await requireAdmin(context, actor);
  const row = await importById(store.db, id);
  if (!row) throw new AppError("not_found", "There is no such import.");
  if (row.status !== "uploading") throw new AppError("conflict", "This import takes no more files.");
  if (at !== row.received) return { received: row.received };
  const bytes = Math.min(importLimits.partBytes, row.bytes - row.received);
  return uploadSlots.during({ userId, personId: userId, bytes }, async ({ total }) => {
    await requireRoom(context, total);
    const key = randomBytes(18).toString("base64url");
    try {
      return await keep(context, { id, at, key, bytes }, source);
    } catch (error) {
      await discardFile(context, key);
      throw fullDisk.has((error as NodeJS.ErrnoException).code) ? storageFull(error) : error;
    }
  });
}

interface Part {
  id: string;
  at: number;
  key: string;
  /** As many at most. */
  bytes: number;
}

async function keep(context: Context, { id, at, key, bytes }: Part, source: Readable): Promise<ImportPart> {
  const { store, storage, clock } = context;
  const { size } = await storage.receive(key, Readable.from(limited(source, bytes), { objectMode: false }));
  if (size === 0) throw new AppError("invalid_request", "The part is empty.");
  await noteUnfinishedFile(store.db, key, clock.now() + unfinishedMs);
  await storage.keep(key);
  const isNext = await store.db.transaction().execute(async (db) => {
    const part = { import_id: id, start: at, size, storage_key: key };
    if (!(await insertImportPart(db, part, clock.now() + waitingMs))) return false;
    if (await keepNotedFile(db, key)) return true;
    throw new AppError("unavailable", "Storing the part took too long. Try again.");
  });
  if (isNext) return { received: at + size };
  // Another part has come meanwhile, or the import was cancelled.
  await removeFiles(context, [key]);
  const row = await importById(store.db, id);
  if (row?.status !== "uploading") throw new AppError("conflict", "This import takes no more files.");
  return { received: row.received };
}

async function* limited(source: Readable, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left < 0) throw tooLarge(bytes);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("malformed", "The part was cut off.", { cause: error });
  }
}
