import type { FavouriteGif } from "@miscord/protocol";
import { sql, type Insertable, type Kysely } from "kysely";
import type { FavouriteGifRow, FavouriteGifsTable } from "../gif-tables.ts";
import { addressOf } from "../picture-address.ts";
import type { Tables } from "../schema.ts";
import { deletePictures } from "./pictures.ts";

type Db = Kysely<Tables>;

/** With what is known of its picture. */
export type KeptGif = FavouriteGifRow & { width: number; height: number; bytes: number };

function kept(db: Db, userId: number) {
  return db
    .selectFrom("favourite_gifs")
    .innerJoin("pictures", "pictures.id", "favourite_gifs.picture_id")
    .where("user_id", "=", userId)
    .selectAll("favourite_gifs")
    .select(["pictures.width", "pictures.height", "pictures.bytes"]);
}

/** The latest first. */
export function favouritesOf(db: Db, userId: number): Promise<KeptGif[]> {
  return kept(db, userId).orderBy("favourite_gifs.id", "desc").execute();
}

export function favouriteById(db: Db, userId: number, id: number): Promise<KeptGif | undefined> {
  return kept(db, userId).where("favourite_gifs.id", "=", id).executeTakeFirst();
}

export function favouriteBySource(db: Db, userId: number, source: string): Promise<KeptGif | undefined> {
  return kept(db, userId).where("source", "=", source).executeTakeFirst();
}

/** How many the user has, and the bytes of their pictures. */
export function favouritesTaken(db: Db, userId: number): Promise<{ count: number; bytes: number }> {
  return db
    .selectFrom("favourite_gifs")
    .innerJoin("pictures", "pictures.id", "favourite_gifs.picture_id")
    .where("user_id", "=", userId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .select(sql<number>`coalesce(sum(pictures.bytes), 0)`.as("bytes"))
    .executeTakeFirstOrThrow();
}

/** Locks the user, so that two who add at once count each other. Must run inside a transaction. */
export async function lockFavourites(db: Db, userId: number): Promise<void> {
  await db
    .updateTable("users")
    .set((set) => ({ created_at: set.ref("created_at") }))
    .where("id", "=", userId)
    .execute();
}

/** Its id; undefined when the user has one from there. */
export async function insertFavourite(db: Db, row: Insertable<FavouriteGifsTable>): Promise<number | undefined> {
  const inserted = await db
    .insertInto("favourite_gifs")
    .values(row)
    .onConflict((conflict) => conflict.columns(["user_id", "source"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id;
}

/** Its picture's id, whose file goes into `removed_files`; undefined: there is none. Must run inside a transaction. */
export async function deleteFavourite(db: Db, userId: number, id: number): Promise<string | undefined> {
  const row = await db
    .deleteFrom("favourite_gifs")
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .returning("picture_id")
    .executeTakeFirst();
  if (row) await deletePictures(db, [row.picture_id]);
  return row?.picture_id;
}

/** All of the user, as `deleteFavourite`. Must run inside a transaction. */
export async function deleteFavouritesOf(db: Db, userId: number): Promise<void> {
  const rows = await db.deleteFrom("favourite_gifs").where("user_id", "=", userId).returning("picture_id").execute();
  if (rows.length > 0) {
    await deletePictures(
      db,
      rows.map((row) => row.picture_id),
    );
  }
}

export function presentFavourite({ id, picture_id, width, height, title, source, credit }: KeptGif): FavouriteGif {
  return { id, url: addressOf(picture_id)!, width, height, title, source, ...(credit !== null && { credit }) };
}
