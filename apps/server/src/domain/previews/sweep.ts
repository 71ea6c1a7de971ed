import { deletePreviews, expiredPreviews, keepPictures } from "../../store/queries/link-previews.ts";
import type { DomainContext } from "../context.ts";
import { removePictures } from "../pictures/store-picture.ts";

const atOnce = 200;
/** Longer than a preview that was still valid may take until its message shows it. */
const graceMs = 3_600_000;

/** A picture that a message shows is looked at again after this time, so that those of all messages are not gone through at once. */
const keptMs = 24 * 3_600_000;

/** Forgets what was read of pages and has expired, and deletes its pictures that no message shows. */
export async function sweepPreviews(context: Pick<DomainContext, "store" | "storage" | "clock">): Promise<void> {
  const { store, clock } = context;
  let rows: Awaited<ReturnType<typeof expiredPreviews>>;
  do {
    rows = await expiredPreviews(store.db, { before: clock.now() - graceMs, limit: atOnce });
    const [shown, unshown] = [rows.filter(({ isShown }) => isShown), rows.filter(({ isShown }) => !isShown)];
    await keepPictures(store.db, idsOf(shown), clock.now() + keptMs);
    await deletePreviews(store.db, idsOf(unshown));
    await removePictures(
      context,
      unshown.flatMap(({ picture }) => picture ?? []),
    );
  } while (rows.length === atOnce);
}

function idsOf(rows: readonly { id: number }[]): number[] {
  return rows.map(({ id }) => id);
}
