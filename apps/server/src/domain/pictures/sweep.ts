import { instanceEmojis } from "../../store/queries/instance-emojis.ts";
import { orphanPictures } from "../../store/queries/pictures.ts";
import type { DomainContext } from "../context.ts";
import { removePictures } from "./store-picture.ts";

/** Longer than any command needs between storing a picture and the row that shows it. */
const graceMs = 24 * 3_600_000;
const everyMs = 6 * 3_600_000;
const atOnce = 200;

/**
 * Removes pictures that nothing refers to: those of commands that a crash ended between the picture and the row that was to show
 * it. Looks through all of them, so it does so a few times a day at most, and where searches are: nobody else's reads wait.
 */
export function createPictureSweep(context: Pick<DomainContext, "store" | "storage" | "clock">): () => Promise<void> {
  const { store, clock } = context;
  let notBefore = 0;
  return async () => {
    if (clock.now() < notBefore) return;
    notBefore = clock.now() + everyMs;
    const kept = [...(await instanceEmojis(store.db, "emojis")), ...(await instanceEmojis(store.db, "stickers"))];
    const otherwise = kept.map(({ picture_id: id }) => id);
    let ids: string[];
    do {
      ids = await orphanPictures(store.search, { before: clock.now() - graceMs, limit: atOnce, otherwise });
      await removePictures(context, ids);
    } while (ids.length === atOnce);
  };
}
