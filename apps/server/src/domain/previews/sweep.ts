import { deletePreviews, expiredPreviews } from "../../store/queries/link-previews.ts";
import type { DomainContext } from "../context.ts";
import { removePictures } from "../pictures/store-picture.ts";

const atOnce = 200;
/** Longer than a preview that was still valid may take until its message shows it. */
const graceMs = 3_600_000;

/** Deletes what was read of pages and has expired, with its pictures, unless a message shows them. */
export async function sweepPreviews(context: Pick<DomainContext, "store" | "storage" | "clock">): Promise<void> {
  const { store, clock } = context;
  let rows: Awaited<ReturnType<typeof expiredPreviews>>;
  do {
    rows = await expiredPreviews(store.db, { before: clock.now() - graceMs, limit: atOnce });
    const ids = rows.map(({ id }) => id);
    await deletePreviews(store.db, ids);
    await removePictures(
      context,
      rows.flatMap(({ picture }) => picture ?? []),
    );
  } while (rows.length === atOnce);
}
