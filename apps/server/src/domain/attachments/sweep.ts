import { deleteOrphans } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

/** Uploads are kept this long for the message that they are meant for. */
const unsentMs = 24 * 3_600_000;
const atOnce = 100;

/** Deletes uploads that belong to no message, rows first and then their files. */
export async function sweepAttachments({
  store,
  storage,
  clock,
}: Pick<DomainContext, "store" | "storage" | "clock">): Promise<void> {
  for (;;) {
    const keys = await deleteOrphans(store.db, clock.now() - unsentMs, atOnce);
    for (const key of keys) await storage.remove(key);
    if (keys.length < atOnce) return;
  }
}
