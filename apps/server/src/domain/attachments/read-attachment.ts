import { AppError } from "../../errors.ts";
import type { AttachmentRow } from "../../store/schema.ts";
import { deleteUnsent, readableAttachment } from "../../store/queries/attachments.ts";
import type { Actor, DomainContext } from "../context.ts";

/** The attachment, for users who can read its message, and for its uploader until it is sent. Throws `not_found`. */
export async function readAttachment(
  { store }: Pick<DomainContext, "store">,
  { userId }: Actor,
  attachmentId: number,
): Promise<AttachmentRow> {
  const row = await readableAttachment(store.db, attachmentId, userId);
  if (!row) throw absent();
  return row;
}

/** Deletes an upload of the actor that is not part of a message. Throws `not_found`. */
export async function removeUpload(
  { store, storage }: Pick<DomainContext, "store" | "storage">,
  { userId }: Actor,
  attachmentId: number,
): Promise<void> {
  const key = await deleteUnsent(store.db, attachmentId, userId);
  if (key === undefined) throw absent();
  await storage.remove(key);
}

function absent(): AppError {
  return new AppError("not_found", "There is no such file.");
}
