import { AppError } from "../../errors.ts";
import type { AttachmentRow } from "../../store/schema.ts";
import { deleteUnsent, readableAttachment } from "../../store/queries/attachments.ts";
import type { Actor, DomainContext } from "../context.ts";
import { removeFiles } from "./remove-files.ts";

/**
 * The attachment, for users who can read its message, and for its uploader until it is sent. Throws `not_found` or
 * `rate_limited`.
 */
export async function readAttachment(
  { store, rates }: Pick<DomainContext, "store" | "rates">,
  { userId }: Actor,
  attachmentId: number,
): Promise<AttachmentRow> {
  await rates.files.spend(userId);
  const row = await readableAttachment(store.db, attachmentId, userId);
  if (!row) throw absent();
  return row;
}

/** Deletes an upload of the actor that is not part of a message. Throws `not_found`. */
export async function removeUpload(
  context: Pick<DomainContext, "store" | "storage" | "clock">,
  { userId }: Actor,
  attachmentId: number,
): Promise<void> {
  const { store } = context;
  const key = await store.db.transaction().execute((trx) => deleteUnsent(trx, attachmentId, userId));
  if (key === undefined) throw absent();
  await removeFiles(context, [key]);
}

function absent(): AppError {
  return new AppError("not_found", "There is no such file.");
}
