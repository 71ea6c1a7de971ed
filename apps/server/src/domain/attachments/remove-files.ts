import { forgetRemovedFiles, removedFiles } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock">;

const atOnce = 100;
const patienceMs = 2_000;

/**
 * Removes the files of deleted attachments, for a command whose deletion is durable already. Never rejects, and waits
 * two seconds at most: what fails or takes longer is left to `sweepRemovedFiles`.
 */
export function removeFiles(context: Context, keys: readonly string[]): Promise<void> {
  return keys.length === 0 ? Promise.resolve() : briefly(context, remove(context, keys));
}

/** `removeFiles` for all attachments that are deleted. */
export function removeDeletedFiles(context: Context): Promise<void> {
  return briefly(context, sweepRemovedFiles(context));
}

/**
 * Removes the files of all deleted attachments and of interrupted uploads, also those of earlier processes. Rejects when
 * the storage fails.
 */
export async function sweepRemovedFiles(context: Context): Promise<void> {
  for (;;) {
    const keys = await removedFiles(context.store.db, context.clock.now(), atOnce);
    if (keys.length > 0) await remove(context, keys);
    if (keys.length < atOnce) return;
  }
}

async function remove({ store, storage }: Context, keys: readonly string[]): Promise<void> {
  for (const key of keys) await storage.remove(key);
  await forgetRemovedFiles(store.db, keys);
}

async function briefly({ clock }: Context, work: Promise<void>): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = clock.setTimeout(resolve, patienceMs);
  await Promise.race([work.catch(() => {}), timeout]);
  timer.cancel();
}
