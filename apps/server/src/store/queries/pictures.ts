import { sql, type Insertable, type Kysely } from "kysely";
import type { PictureRow, PicturesTable } from "../picture-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/**
 * All columns that hold ids of pictures. Pictures that none of them names are removed: a new one belongs here. Those of the
 * instance's emoji and stickers are in its settings.
 */
export const pictureReferences = [
  ["users", "picture"],
  ["users", "banner"],
  ["servers", "picture"],
  ["channels", "picture"],
  ["emojis", "picture_id"],
  ["stickers", "picture_id"],
  ["link_previews", "picture"],
  ["preview_pictures", "picture"],
  ["favourite_gifs", "picture_id"],
  ["webhooks", "picture"],
  ["webhook_pictures", "picture"],
] as const satisfies readonly (readonly [table: keyof Tables, column: string])[];

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

/** Ids of pictures, among those from before the time, that no row refers to. `otherwise`: ids that something else refers to. */
export async function orphanPictures(
  db: Db,
  { before, limit, otherwise }: { before: number; limit: number; otherwise: readonly string[] },
): Promise<string[]> {
  const referred = sql.join(
    pictureReferences.map(([table, column]) => sql`select ${sql.ref(column)} from ${sql.table(table)}`),
    sql` union all `,
  );
  // PostgreSQL would compare each picture with all others of a "not in" that is larger than its memory for it.
  const orphans = sql<{ id: string }>`(select id from pictures where created_at < ${before}
    except select * from (${referred}) as referred)`;
  const rows = await db
    .selectFrom(orphans.as("orphans"))
    .$if(otherwise.length > 0, (query) => query.where("id", "not in", otherwise))
    .limit(limit)
    .select("id")
    .execute();
  return rows.map(({ id }) => id);
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
