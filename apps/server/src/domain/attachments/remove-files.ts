import { forgetRemovedFiles, putOffRemoval, removedFiles } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock">;

const atOnce = 100;
const patienceMs = 2_000;
/** A file that cannot be removed is tried again after so long. */
const againMs = 3_600_000;

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
 * Removes the file of an upload that failed, as `removeFiles`. One that is noted as unfinished is removed once more when its time is over:
 * a store that did not answer may have put it there afterwards.
 */
export function discardFile(context: Pick<Context, "storage" | "clock">, key: string): Promise<void> {
  return briefly(context, context.storage.remove(key));
}

/**
 * Removes the files of all deleted attachments and of interrupted uploads, also those of earlier processes. Rejects when
 * the storage fails, and in the end when single files cannot be removed.
 */
export async function sweepRemovedFiles(context: Context): Promise<void> {
  let failure: unknown;
  for (;;) {
    const keys = await removedFiles(context.store.db, context.clock.now(), atOnce);
    if (keys.length > 0) failure = (await remove(context, keys)) ?? failure;
    if (keys.length < atOnce) break;
  }
  if (failure !== undefined) throw failure;
}

/**
 * A file that cannot be removed while the storage works keeps no others from it, and is tried again later: resolves with why the last
 * one of them could not. Rejects when the storage fails.
 */
async function remove({ store, storage, clock }: Context, keys: readonly string[]): Promise<unknown> {
  const removed: string[] = [];
  let failure: unknown;
  try {
    for (const key of keys) {
      try {
        await storage.remove(key);
        removed.push(key);
      } catch (error) {
        await storage.check();
        await putOffRemoval(store.db, key, clock.now() + againMs);
        failure = error;
      }
    }
  } finally {
    if (removed.length > 0) await forgetRemovedFiles(store.db, removed);
  }
  return failure;
}

async function briefly({ clock }: Pick<Context, "clock">, work: Promise<unknown>): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = clock.setTimeout(resolve, patienceMs);
  await Promise.race([work.catch(() => {}), timeout]);
  timer.cancel();
}
