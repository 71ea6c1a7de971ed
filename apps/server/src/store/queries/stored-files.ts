import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Tables of files that nothing shows: personal-data exports, and what was uploaded for imports. */
export type FileTable = "exports" | "import_parts";

/** Files with a higher key, in the order of their keys. */
export async function filesAfter(
  db: Db,
  table: FileTable,
  { key, limit }: { key: string; limit: number },
): Promise<{ key: string; size: number }[]> {
  const rows = await db
    .selectFrom(table)
    .where("storage_key", ">", key)
    .orderBy("storage_key")
    .limit(limit)
    .select(["storage_key", "size"])
    .execute();
  return rows.map((row) => ({ key: row.storage_key!, size: row.size ?? 0 }));
}

export async function isFileOf(db: Db, table: FileTable, key: string): Promise<boolean> {
  const row = await db.selectFrom(table).where("storage_key", "=", key).select("storage_key").executeTakeFirst();
  return row !== undefined;
}
