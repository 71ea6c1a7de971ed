import { forgetRemovedFiles, putOffRemoval, removedFiles } from "../../store/queries/attachments.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock">;

const atOnce = 100;
const patienceMs = 2_000;
/** A file that cannot be removed is tried again after so long. */
const againMs = 5 * 60_000;

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
 * Removes the files of all deleted attachments and of interrupted uploads, also those of earlier processes. One that cannot be removed
 * while the storage works keeps no others from it, and is tried again later. Rejects when the storage fails, and in the end when single
 * files could not be removed.
 */
export async function sweepRemovedFiles(context: Context): Promise<void> {
  const { store, storage, clock } = context;
  // Those that are put off wait for the next sweep, however long this one takes.
  const startedAt = clock.now();
  let failure: unknown;
  const putOff = async (key: string, error: unknown) => {
    await storage.check();
    await putOffRemoval(store.db, key, clock.now() + againMs);
    failure = error;
  };
  for (;;) {
    const keys = await removedFiles(store.db, startedAt, atOnce);
    if (keys.length > 0) await remove(context, keys, putOff);
    if (keys.length < atOnce) break;
  }
  if (failure !== undefined) throw failure;
}

/** `onFailure`: when a file cannot be removed; rejects unless the others are to be removed all the same. */
async function remove(
  { store, storage }: Context,
  keys: readonly string[],
  onFailure: (key: string, error: unknown) => Promise<void> = (_, error) => Promise.reject(error),
): Promise<void> {
  const removed: string[] = [];
  try {
    for (const key of keys) {
      try {
        await storage.remove(key);
        removed.push(key);
      } catch (error) {
        await onFailure(key, error);
      }
    }
  } finally {
    if (removed.length > 0) await forgetRemovedFiles(store.db, removed);
  }
}

async function briefly({ clock }: Pick<Context, "clock">, work: Promise<void>): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = clock.setTimeout(resolve, patienceMs);
  await Promise.race([work.catch(() => {}), timeout]);
  timer.cancel();
}
