import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { AppError } from "../../errors.ts";
import { noteUnfinishedFile } from "../../store/queries/attachments.ts";
import { deletePictures, insertPicture } from "../../store/queries/pictures.ts";
import { discardFile, removeFiles } from "../attachments/remove-files.ts";
import { requireRoom } from "../attachments/upload-limits.ts";
import type { DomainContext } from "../context.ts";
import type { PictureShape } from "./shape.ts";

type Context = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "pictures">;

/** Longer than the storage may take for a picture. */
const unfinishedMs = 3_600_000;

/**
 * Encodes a picture anew and stores it. Resolves with its id, a text that nobody can guess, which the caller keeps in a
 * row of its own. Throws as `PictureEncoder.encode`, and `storage_full`.
 */
export async function storePicture(context: Context, bytes: Uint8Array, shape: PictureShape): Promise<string> {
  const { store, storage, clock, pictures } = context;
  await requireRoom(context, bytes.length);
  const encoded = await pictures.encode(bytes, shape);
  const id = randomBytes(18).toString("base64url");
  try {
    await storage.receive(id, Readable.from([encoded.bytes]));
    await noteUnfinishedFile(store.db, id, clock.now() + unfinishedMs);
    await storage.keep(id);
    const { width, height } = encoded;
    const row = { id, bytes: encoded.bytes.length, width, height, created_at: clock.now() };
    if (await store.db.transaction().execute((trx) => insertPicture(trx, row))) return id;
  } catch (error) {
    await discardFile(context, id);
    throw error;
  }
  throw new AppError("unavailable", "Storing the picture took too long. Try again.");
}

/** Removes pictures that nothing shows any more. */
export async function removePictures(
  context: Pick<DomainContext, "store" | "storage" | "clock">,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await context.store.db.transaction().execute((trx) => deletePictures(trx, ids));
  await removeFiles(context, ids);
}
