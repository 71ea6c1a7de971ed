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

/** For the deletion of the account it is so many milliseconds later. */
export async function passTime({ db }: Store, userId: number, ms: number): Promise<void> {
  await db
    .updateTable("users")
    .set((row) => ({ deletion_at: row("deletion_at", "-", ms), deleted_at: row("deleted_at", "-", ms) }))
    .where("id", "=", userId)
    .execute();
}
