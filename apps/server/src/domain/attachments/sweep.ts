import { deleteOrphans } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

/** Time enough to finish the message that an upload is for. */
const unsentMs = 24 * 3_600_000;
const atOnce = 100;

/** Removes uploads that no message has. */
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
