import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

const retiredKey = "retired_positions";

/**
 * Number of positions that were ever given in this data: those of all channels and those of deleted ones. It only rises,
 * so a database with fewer than it had before has lost something.
 */
export async function givenPositions(db: Db): Promise<number> {
  const { channels } = await db
    .selectFrom("channels")
    .select(sql<number>`coalesce(sum(seq), 0)`.as("channels"))
    .executeTakeFirstOrThrow();
  return channels + (await retiredPositions(db));
}

/** Counts the positions of a channel that is being deleted. Must run inside a transaction. */
export async function retirePositions(db: Db, count: number): Promise<void> {
  const value = String((await retiredPositions(db)) + count);
  await db
    .insertInto("meta")
    .values({ key: retiredKey, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}

async function retiredPositions(db: Db): Promise<number> {
  const row = await db.selectFrom("meta").where("key", "=", retiredKey).select("value").executeTakeFirst();
  return Number(row?.value ?? 0);
}
