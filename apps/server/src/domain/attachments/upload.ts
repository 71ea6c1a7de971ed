import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { Attachment, VoiceRecording } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { presentAttachment } from "../../store/present-message.ts";
import { insertAttachment, noteUnfinishedFile } from "../../store/queries/attachments.ts";
import { ownersOfBots } from "../../store/queries/bots.ts";
import type { Actor, DomainContext } from "../context.ts";
import { isSound } from "./content-type.ts";
import { cleanFilename } from "./filename.ts";
import { discardFile } from "./remove-files.ts";
import type { ReceivedFile } from "./storage.ts";
import { requireQuota, requireRoom, storageFull, tooLarge } from "./upload-limits.ts";

export interface Upload {
  filename: string;
  /** The content type that the client declares; not trusted. */
  declaredType: string;
  /** About as many bytes will come; as many as are allowed when nothing was announced. */
  announcedBytes: number;
  /** Of the largest file that is allowed. */
  maxBytes: number;
  /** Cut off there. */
  source: Readable;
  /** Whether the file was larger; valid once the source has ended. */
  isTruncated: () => boolean;
  /** What the client says of a voice message; a file that is no sound is then refused. */
  voice?: VoiceRecording | undefined;
  /** The service that the file comes from; a client cannot say so. */
  credit?: string | null;
}

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "uploadSlots" | "inspector">;

/** Longer than the storage may take for a file. */
const unfinishedMs = 2 * 3_600_000;
/** The disk, or the part of it that this process may fill. */
const fullDisk: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Keeps a file until a message takes it. Nothing of what the client says about it is believed, but the length and wave
 * form of a voice message. Throws `too_large`, `limit_reached`, `storage_full`, `rate_limited`, `malformed` when the
 * upload was cut off, and `invalid_request` for a voice message that is no sound.
 */
export async function uploadAttachment(context: Context, { userId }: Actor, upload: Upload): Promise<Attachment> {
  const personId = (await ownersOfBots(context.store.db, [userId])).get(userId) ?? userId;
  return context.uploadSlots.during({ userId, personId, bytes: upload.announcedBytes }, async (reserved) => {
    await requireRoom(context, reserved.total);
    await requireQuota(context, userId, reserved.ofPerson);
    const key = randomBytes(18).toString("base64url");
    try {
      const received = await receive(context, key, upload.source);
      if (upload.isTruncated()) throw tooLarge(upload.maxBytes);
      await requireQuota(context, userId, received.size);
      return await keep(context, userId, upload, { key, ...received });
    } catch (error) {
      // What cannot be removed now, because the storage fails, is left to `sweepAttachments`.
      await discardFile(context, key);
      throw fullDisk.has((error as NodeJS.ErrnoException).code) ? storageFull(error) : error;
    }
  });
}

/** What goes wrong without the system failing went wrong on the way here. */
async function receive({ storage }: Context, key: string, source: Readable): Promise<ReceivedFile> {
  try {
    return await storage.receive(key, source);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error;
    throw new AppError("malformed", "The upload was cut off.", { cause: error });
  }
}

async function keep(
  { store, storage, clock, inspector }: Context,
  userId: number,
  { filename, declaredType, voice, credit = null }: Upload,
  { key, path, size }: ReceivedFile & { key: string },
): Promise<Attachment> {
  const inspection = await inspector.inspect({ path, size, declaredType, ...(voice && { isVoice: true }) });
  if (voice && !isSound(inspection.contentType)) {
    throw new AppError("invalid_request", "A voice message is a recording of sound.");
  }
  await noteUnfinishedFile(store.db, key, clock.now() + unfinishedMs);
  await storage.keep(key);
  const attachment = {
    uploader_id: userId,
    message_id: null,
    ordinal: 0,
    storage_key: key,
    filename: cleanFilename(filename),
    size: inspection.size,
    content_type: inspection.contentType,
    width: inspection.width ?? null,
    height: inspection.height ?? null,
    duration_ms: voice?.duration_ms ?? null,
    waveform: voice?.waveform ?? null,
    animated: inspection.isAnimated ? 1 : 0,
    credit,
    created_at: clock.now(),
  };
  const row = await store.db.transaction().execute((trx) => insertAttachment(trx, attachment));
  if (!row) throw new AppError("unavailable", "The upload took too long. Try again.");
  return presentAttachment(row);
}
