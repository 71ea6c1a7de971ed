import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { deletePictures } from "./pictures.ts";

type Db = Kysely<Tables>;

/** Who or what has a picture: a person, a server, a group. A person has a banner too. */
export type PictureOwner =
  | { table: "users" | "servers" | "channels"; id: number; column?: "picture" }
  | { table: "users"; id: number; column: "banner" };

/**
 * Gives the owner this picture, or none, and removes the former one. Returns the former one; undefined when there is no such
 * owner, or its account is deleted. Must run inside a transaction.
 */
export async function replacePicture(
  db: Db,
  owner: PictureOwner,
  picture: string | null,
): Promise<{ former: string | null } | undefined> {
  const held = await hold(db, owner);
  if (!held) return undefined;
  const { table, id, column = "picture" } = owner;
  await db
    .updateTable(table)
    .set({ [column]: picture })
    .where("id", "=", id)
    .execute();
  if (held.former !== null) await deletePictures(db, [held.former]);
  return held;
}

/** The row as it is, unchanged until the transaction ends: of two who replace a picture at once, each removes another one. */
function hold(db: Db, owner: PictureOwner): Promise<{ former: string | null } | undefined> {
  const { table, id } = owner;
  const column = (owner.column ?? "picture") as "picture";
  return db
    .updateTable(table)
    .set((row) => ({ [column]: row.ref(column) }))
    .where("id", "=", id)
    .$if(table === "users", (query) => query.where("deleted_at" as never, "is", null as never))
    .returning(`${column} as former`)
    .executeTakeFirst();
}
