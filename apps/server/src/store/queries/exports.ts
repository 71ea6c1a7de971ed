import type { Kysely } from "kysely";
import type { ExportRow, Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Throws a unique violation when the user has one that is not finished. */
export async function insertExport(db: Db, row: { id: string; userId: number; now: number }): Promise<void> {
  const { id, userId: user_id, now: created_at } = row;
  await db.insertInto("exports").values({ id, user_id, created_at, status: "waiting" }).execute();
}

/** The user's exports, the newest first. */
export function exportsOf(db: Db, userId: number): Promise<ExportRow[]> {
  return db.selectFrom("exports").where("user_id", "=", userId).orderBy("created_at", "desc").selectAll().execute();
}

export function exportById(db: Db, id: string): Promise<ExportRow | undefined> {
  return db.selectFrom("exports").where("id", "=", id).selectAll().executeTakeFirst();
}

export async function countUnfinishedExports(db: Db): Promise<number> {
  const row = await db
    .selectFrom("exports")
    .where("finished_at", "is", null)
    .select(({ fn }) => fn.countAll<string | number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The one that has waited longest, or whose maker is gone. */
export function nextExport(db: Db): Promise<ExportRow | undefined> {
  return db
    .selectFrom("exports")
    .where("finished_at", "is", null)
    .orderBy("attempts")
    .orderBy("created_at")
    .limit(1)
    .selectAll()
    .executeTakeFirst();
}

/**
 * Changes the export if it has still been begun so often: whoever began it earlier finds that another has taken over.
 * Returns whether it has.
 */
export async function changeExport(
  db: Db,
  { id, attempts }: Pick<ExportRow, "id" | "attempts">,
  change: Partial<Omit<ExportRow, "id" | "user_id" | "created_at">>,
): Promise<boolean> {
  const result = await db
    .updateTable("exports")
    .set(change)
    .where("id", "=", id)
    .where("attempts", "=", attempts)
    .where("finished_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * Forgets exports whose time is over, or those of the user but for one; their files are left to the sweep. Must run inside
 * a transaction.
 */
export async function deleteExports(
  db: Db,
  which: { before: number } | { userId: number; except?: string },
): Promise<ExportRow[]> {
  const rows = await (
    "before" in which
      ? db.deleteFrom("exports").where("expires_at", "<=", which.before)
      : db
          .deleteFrom("exports")
          .where("user_id", "=", which.userId)
          .where("id", "!=", which.except ?? "")
  )
    .returningAll()
    .execute();
  const files = rows.flatMap(({ storage_key }) => (storage_key === null ? [] : [{ storage_key }]));
  if (files.length === 0) return rows;
  await db
    .insertInto("removed_files")
    .values(files)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return rows;
}

/** The file of a finished export is no longer noted as one of an upload that came to no end. False: it is being removed. */
export async function keepNotedFile(db: Db, key: string): Promise<boolean> {
  const noted = await db.deleteFrom("removed_files").where("storage_key", "=", key).executeTakeFirst();
  return noted.numDeletedRows > 0n;
}
