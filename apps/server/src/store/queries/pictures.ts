import type { Insertable, Kysely } from "kysely";
import type { PictureRow, PicturesTable } from "../picture-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** False when the file has been given up, because it took so long. Must run inside a transaction. */
export async function insertPicture(db: Db, picture: Insertable<PicturesTable>): Promise<boolean> {
  const noted = await db.deleteFrom("removed_files").where("storage_key", "=", picture.id).executeTakeFirst();
  if (noted.numDeletedRows === 0n) return false;
  await db.insertInto("pictures").values(picture).execute();
  return true;
}

export function pictureById(db: Db, id: string): Promise<PictureRow | undefined> {
  return db.selectFrom("pictures").where("id", "=", id).selectAll().executeTakeFirst();
}

/** Pictures with a higher id, in the order of their ids. */
export function picturesAfter(db: Db, id: string, limit: number): Promise<Pick<PictureRow, "id" | "bytes">[]> {
  return db.selectFrom("pictures").select(["id", "bytes"]).where("id", ">", id).orderBy("id").limit(limit).execute();
}

/** Their files go into `removed_files`. Must run inside a transaction. */
export async function deletePictures(db: Db, ids: readonly string[]): Promise<void> {
  const deleted = await db.deleteFrom("pictures").where("id", "in", ids).returning("id").execute();
  if (deleted.length === 0) return;
  const files = deleted.map(({ id }) => ({ storage_key: id }));
  await db
    .insertInto("removed_files")
    .values(files)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
