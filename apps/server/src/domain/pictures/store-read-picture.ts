import type { PictureRow } from "../../store/picture-tables.ts";
import { ownersOfBots } from "../../store/queries/bots.ts";
import { pictureById } from "../../store/queries/pictures.ts";
import type { DomainContext } from "../context.ts";
import type { PictureShape } from "./shape.ts";
import { removePictures, storePicture } from "./store-picture.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "pictures" | "rates">;

/**
 * `storePicture` for one that was read from an address which a message names. It counts for nobody's room, so that the messages of one
 * person and their bots bring so many bytes and no more. Null beyond them. Throws as `storePicture`.
 */
export async function storeReadPicture(
  context: Context,
  authorId: number,
  bytes: Uint8Array,
  shape: PictureShape,
): Promise<PictureRow | null> {
  const id = await storePicture(context, bytes, shape);
  const { db } = context.store;
  const row = await pictureById(db, id);
  const personId = (await ownersOfBots(db, [authorId])).get(authorId) ?? authorId;
  if (row && (await context.rates.linkPreviewBytes.take(personId, row.bytes)) <= 0) return row;
  await removePictures(context, [id]);
  return null;
}
