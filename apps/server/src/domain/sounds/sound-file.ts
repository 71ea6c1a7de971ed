import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { limits } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { noteUnfinishedFile } from "../../store/queries/attachments.ts";
import type { SoundRow } from "../../store/sound-tables.ts";
import { discardFile } from "../attachments/remove-files.ts";
import { requireRoom } from "../attachments/upload-limits.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "inspector">;
export type SoundFile = Pick<SoundRow, "file_id" | "content_type" | "bytes" | "duration_ms">;

/** Longer than the storage may take for a sound. */
const unfinishedMs = 3_600_000;

/**
 * Keeps a short sound, without anything in it that does not sound, and calls `insert`, which takes the file out of the unfinished
 * ones. Removes the file when that fails. Throws `storage_full`, and `invalid_request` for what is no short sound.
 */
export async function withSoundFile<Value>(
  context: Context,
  bytes: Uint8Array,
  insert: (file: SoundFile) => Promise<Value>,
): Promise<Value> {
  const { store, storage, clock, inspector } = context;
  await requireRoom(context, bytes.length);
  const key = randomBytes(18).toString("base64url");
  try {
    const { path, size } = await storage.receive(key, Readable.from([bytes]));
    const inspection = await inspector.inspect({ path, size, declaredType: "", isShortSound: true });
    const duration_ms = requireShort(inspection.durationMs);
    await noteUnfinishedFile(store.db, key, clock.now() + unfinishedMs);
    await storage.keep(key);
    return await insert({ file_id: key, content_type: inspection.contentType, bytes: inspection.size, duration_ms });
  } catch (error) {
    await discardFile(context, key);
    throw error;
  }
}

function requireShort(durationMs: number | undefined): number {
  if (durationMs === undefined)
    throw refused("This is no sound in MP3, OGG or WAV with one or two channels.", "format");
  if (durationMs <= limits.soundMs) return durationMs;
  throw refused(`A sound is at most ${limits.soundMs / 1_000} seconds long.`, "duration");
}

function refused(message: string, field: string): AppError {
  return new AppError("invalid_request", message, { details: { field } });
}
