import type { Kysely } from "kysely";
import type { PurgeRow } from "../report-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Remembers a deletion that is yet to be done; returns its id. Must run in the transaction of the command. */
export async function insertPurge(db: Db, purge: Omit<PurgeRow, "id">): Promise<number> {
  const { id } = await db.insertInto("purges").values(purge).returning("id").executeTakeFirstOrThrow();
  return id;
}

export async function deletePurge(db: Db, id: number): Promise<void> {
  await db.deleteFrom("purges").where("id", "=", id).execute();
}

/** Those whose command was given before the time: it has not finished them. */
export function purgesBefore(db: Db, before: number): Promise<PurgeRow[]> {
  return db.selectFrom("purges").where("until", "<", before).orderBy("id").limit(100).selectAll().execute();
}
