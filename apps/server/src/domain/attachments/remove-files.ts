import { forgetRemovedFiles, removedFiles } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

const atOnce = 100;

/** Removes files of deleted attachments from the storage. What fails is left to `sweepRemovedFiles`. */
export async function removeFiles(
  { store, storage }: Pick<DomainContext, "store" | "storage">,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  for (const key of keys) await storage.remove(key);
  await forgetRemovedFiles(store.db, keys);
}

/** Removes the files of all deleted attachments, also those that an earlier process did not come to. */
export async function sweepRemovedFiles(context: Pick<DomainContext, "store" | "storage">): Promise<void> {
  for (;;) {
    const keys = await removedFiles(context.store.db, atOnce);
    await removeFiles(context, keys);
    if (keys.length < atOnce) return;
  }
}
