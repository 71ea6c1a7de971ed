import { AppError } from "../../errors.ts";
import type { AttachmentRow } from "../../store/schema.ts";
import { deleteUnsent, readableAttachment } from "../../store/queries/attachments.ts";
import type { Actor, DomainContext } from "../context.ts";

/** For those who can read its message now. To everybody else it does not exist. */
export async function readAttachment(
  { store }: Pick<DomainContext, "store">,
  { userId }: Actor,
  attachmentId: number,
): Promise<AttachmentRow> {
  const row = await readableAttachment(store.db, attachmentId, userId);
  if (!row) throw absent();
  return row;
}

/** An own upload that was not sent. */
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
