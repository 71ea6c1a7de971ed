import { sql, type Kysely } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

const retiredKey = "retired_positions";

/**
 * Number of positions that were ever given in this data: those of all channels and those of deleted ones. It only rises,
 * so a database with fewer than it had before has lost something.
 */
export async function givenPositions(db: Db): Promise<number> {
  const [[sum], retired] = await Promise.all([positionsOfChannels(db), retiredPositions(db)]);
  return sum!.channels + retired;
}

const positionsOfChannels = compiledOnce((db) =>
  db.selectFrom("channels").select(sql<number>`coalesce(sum(seq), 0)`.as("channels")),
);

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
  const [row] = await metaValue(db, retiredKey);
  return Number(row?.value ?? 0);
}

const metaValue = compiledOnce((db, key: string) => db.selectFrom("meta").where("key", "=", key).select("value"));
