import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { replacePicture, type PictureOwner } from "../../store/queries/own-pictures.ts";
import type { Tables } from "../../store/schema.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { DomainContext } from "../context.ts";
import { removePictures, storePicture } from "./store-picture.ts";

/** Twice as large as the largest place where one is shown, for dense screens. */
const shapes = {
  picture: { width: 256, height: 256, fit: "cover", isAnimated: true },
  banner: { width: 720, height: 240, fit: "cover", isAnimated: true },
} as const;

export type PictureContext = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "rates" | "storage" | "settings" | "pictures"
>;

export interface NewPicture {
  owner: PictureOwner;
  /** Who gives it. */
  userId: number;
  /** Null: the owner has none any more. */
  bytes: Uint8Array | null;
}

type Also = (db: Kysely<Tables>, former: string | null) => Promise<void>;

/**
 * Puts the picture in place of the owner's former one, which is removed, for a command that has checked the rights. `also`
 * runs in the same transaction. Throws as `storePicture`, `rate_limited`, and `not_found` when the owner is gone.
 */
export async function replaceOwnPicture(
  context: PictureContext,
  { owner, userId, bytes }: NewPicture,
  also: Also = async () => {},
): Promise<void> {
  if (bytes) await context.rates.pictureChanges.spend(userId);
  const picture = bytes && (await storePicture(context, bytes, shapes[owner.column ?? "picture"]));
  try {
    const former = await context.store.db.transaction().execute(async (db) => {
      const replaced = await replacePicture(db, owner, picture);
      if (!replaced) throw new AppError("not_found", "There is nobody and nothing to give a picture to.");
      await also(db, replaced.former);
      return replaced.former;
    });
    if (former) await removeFiles(context, [former]);
  } catch (error) {
    if (picture) await removePictures(context, [picture]);
    throw error;
  }
}
