import type { PictureRow } from "../../store/picture-tables.ts";
import { pictureById } from "../../store/queries/pictures.ts";
import type { DomainContext } from "../context.ts";
import type { PictureShape } from "./shape.ts";
import { removePictures, storePicture } from "./store-picture.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "pictures" | "rates">;

/**
 * `storePicture` for one that was read from an address which a message names. It counts for nobody's room, so that the messages of one
 * author bring so many bytes and no more. Null beyond them. Throws as `storePicture`.
 */
export async function storeReadPicture(
  context: Context,
  authorId: number,
  bytes: Uint8Array,
  shape: PictureShape,
): Promise<PictureRow | null> {
  const id = await storePicture(context, bytes, shape);
  const row = await pictureById(context.store.db, id);
  if (row && (await context.rates.linkPreviewBytes.take(authorId, row.bytes)) <= 0) return row;
  await removePictures(context, [id]);
  return null;
}
