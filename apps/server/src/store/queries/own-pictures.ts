import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { deletePictures } from "./pictures.ts";

type Db = Kysely<Tables>;

/** Who or what has a picture: a person, a server, a group. */
export interface PictureOwner {
  table: "users" | "servers" | "channels";
  id: number;
}

/**
 * Gives the owner this picture, or none, and removes the former one. Returns the former one; undefined when there is no such
 * owner, or its account is deleted. Must run inside a transaction.
 */
export async function replacePicture(
  db: Db,
  { table, id }: PictureOwner,
  picture: string | null,
): Promise<{ former: string | null } | undefined> {
  const held = await hold(db, { table, id });
  if (!held) return undefined;
  await db.updateTable(table).set({ picture }).where("id", "=", id).execute();
  if (held.picture !== null) await deletePictures(db, [held.picture]);
  return { former: held.picture };
}

/** The row as it is, unchanged until the transaction ends: of two who replace a picture at once, each removes another one. */
function hold(db: Db, { table, id }: PictureOwner): Promise<{ picture: string | null } | undefined> {
  return db
    .updateTable(table)
    .set((row) => ({ picture: row.ref("picture") }))
    .where("id", "=", id)
    .$if(table === "users", (query) => query.where("deleted_at" as never, "is", null as never))
    .returning("picture")
    .executeTakeFirst();
}
