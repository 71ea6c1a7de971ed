import { sql } from "kysely";
import { schemaOf } from "../store/conformance/schema-of.ts";
import type { Store } from "../store/contract.ts";

/** All columns of the database in which the word is, as `table.column`. */
export async function columnsWith(store: Store, word: string): Promise<string[]> {
  const found: string[] = [];
  for (const [table, columns] of await schemaOf(store)) {
    for (const { name } of columns) {
      const query = sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
        where ${sql.ref(name)} like ${`%${word}%`}`;
      if ((await query.execute(store.db)).rows[0]!.n > 0) found.push(`${table}.${name}`);
    }
  }
  return found;
}

/** How many rows of the table name the user. */
export async function countRows(
  { db }: Store,
  userId: number,
  { table, column }: { table: string; column: string },
): Promise<number> {
  const query = sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where ${sql.ref(column)} = ${userId}`;
  return (await query.execute(db)).rows[0]!.n;
}

/** The files of the user's picture and of the GIFs that they keep; there are some of each. */
export async function pictureFilesOf({ db }: Store, userId: number): Promise<{ storage_key: string }[]> {
  const user = await db.selectFrom("users").where("id", "=", userId).select("picture").executeTakeFirstOrThrow();
  const gifs = await db.selectFrom("favourite_gifs").where("user_id", "=", userId).select("picture_id").execute();
  if (user.picture === null || gifs.length === 0) throw new Error("there are no pictures");
  return [user.picture, ...gifs.map((gif) => gif.picture_id)].map((storage_key) => ({ storage_key }));
}

/** For the deletion of the account it is so many milliseconds later. */
export async function passTime({ db }: Store, userId: number, ms: number): Promise<void> {
  await db
    .updateTable("users")
    .set((row) => ({ deletion_at: row("deletion_at", "-", ms), deleted_at: row("deleted_at", "-", ms) }))
    .where("id", "=", userId)
    .execute();
}
