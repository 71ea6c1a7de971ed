import { deleteUnsentBefore } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";
import { sweepRemovedFiles } from "./remove-files.ts";

/** Uploads are kept this long for the message that they are meant for. */
const unsentMs = 24 * 3_600_000;
const atOnce = 100;

/** Deletes uploads that no message took, then the files of everything that was deleted. */
export async function sweepAttachments(context: Pick<DomainContext, "store" | "storage" | "clock">): Promise<void> {
  const { db } = context.store;
  const before = context.clock.now() - unsentMs;
  while ((await db.transaction().execute((trx) => deleteUnsentBefore(trx, before, atOnce))) === atOnce);
  await sweepRemovedFiles(context);
}
