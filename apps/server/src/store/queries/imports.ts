import type { Kysely } from "kysely";
import type { ImportFileRow, ImportPartRow, ImportRow } from "../import-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Throws a unique violation when there is one that is not finished. */
export async function insertImport(
  db: Db,
  row: Pick<ImportRow, "id" | "user_id" | "created_at" | "due_at" | "expires_at">,
): Promise<void> {
  await db
    .insertInto("imports")
    .values({ ...row, status: "uploading" })
    .execute();
}

export function importById(db: Db, id: string): Promise<ImportRow | undefined> {
  return db.selectFrom("imports").where("id", "=", id).selectAll().executeTakeFirst();
}

/** The newest first. */
export function latestImports(db: Db, limit: number): Promise<ImportRow[]> {
  return db.selectFrom("imports").orderBy("created_at", "desc").orderBy("id").limit(limit).selectAll().execute();
}

/** The one whose time has come first. */
export function dueImport(db: Db, now: number): Promise<ImportRow | undefined> {
  return db
    .selectFrom("imports")
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .orderBy("id")
    .limit(1)
    .selectAll()
    .executeTakeFirst();
}

type Change = Partial<Omit<ImportRow, "id" | "user_id" | "created_at">>;

/** Changes the import if it is still in the state, and has been begun so often. Returns whether it was. */
export async function changeImport(
  db: Db,
  { id, status, attempts }: Pick<ImportRow, "id" | "status" | "attempts">,
  change: Change,
): Promise<boolean> {
  const result = await db
    .updateTable("imports")
    .set(change)
    .where("id", "=", id)
    .where("status", "=", status)
    .where("attempts", "=", attempts)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deleteImport(db: Db, id: string): Promise<void> {
  await db.deleteFrom("imports").where("id", "=", id).execute();
}

export function importFilesAt(db: Db, id: string, paths: readonly string[]): Promise<ImportFileRow[]> {
  return db.selectFrom("import_files").where("import_id", "=", id).where("path", "in", paths).selectAll().execute();
}

/**
 * Makes room for the bytes of so many files behind those that were announced before. Returns where it begins; undefined when
 * the import takes no files. Must run in the transaction that inserts them.
 */
export async function takeRoom(
  db: Db,
  id: string,
  { files, bytes }: { files: number; bytes: number },
  expiresAt: number,
): Promise<{ start: number; files: number } | undefined> {
  const row = await db
    .updateTable("imports")
    .set((eb) => ({
      files: eb("files", "+", files),
      bytes: eb("bytes", "+", bytes),
      due_at: expiresAt,
      expires_at: expiresAt,
    }))
    .where("id", "=", id)
    .where("status", "=", "uploading")
    .returning(["files", "bytes"])
    .executeTakeFirst();
  return row && { start: row.bytes - bytes, files: row.files };
}

export async function insertImportFiles(db: Db, files: readonly ImportFileRow[]): Promise<void> {
  if (files.length > 0) await db.insertInto("import_files").values(files).execute();
}

/** Those after the path, ascending. */
export function importFilesAfter(db: Db, id: string, after: string, limit: number): Promise<ImportFileRow[]> {
  return db
    .selectFrom("import_files")
    .where("import_id", "=", id)
    .where("path", ">", after)
    .orderBy("path")
    .limit(limit)
    .selectAll()
    .execute();
}

/** Notes the part that comes next. False: it does not, or the import takes no more. Must run inside a transaction. */
export async function insertImportPart(db: Db, part: ImportPartRow, expiresAt: number): Promise<boolean> {
  const { import_id: id, start, size } = part;
  const result = await db
    .updateTable("imports")
    .set({ received: start + size, due_at: expiresAt, expires_at: expiresAt })
    .where("id", "=", id)
    .where("status", "=", "uploading")
    .where("received", "=", start)
    .where("bytes", ">=", start + size)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) return false;
  await db.insertInto("import_parts").values(part).execute();
  return true;
}

/** Those that begin after `after`, ascending. */
export function importPartsAfter(db: Db, id: string, after: number, limit: number): Promise<ImportPartRow[]> {
  return db
    .selectFrom("import_parts")
    .where("import_id", "=", id)
    .where("start", ">", after)
    .orderBy("start")
    .limit(limit)
    .selectAll()
    .execute();
}

/** Takes away some of the import's files and parts, whose bytes go into `removed_files`. False: there are none left. Must run inside a transaction. */
export async function deleteSomeFiles(db: Db, id: string, limit: number): Promise<boolean> {
  const parts = await importPartsAfter(db, id, -1, limit);
  if (parts.length > 0) {
    await db
      .insertInto("removed_files")
      .values(parts.map(({ storage_key }) => ({ storage_key })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db.deleteFrom("import_parts").where("import_id", "=", id).where("start", "<=", parts.at(-1)!.start).execute();
  }
  const files = await importFilesAfter(db, id, "", limit);
  if (files.length > 0) {
    await db.deleteFrom("import_files").where("import_id", "=", id).where("path", "<=", files.at(-1)!.path).execute();
  }
  return parts.length + files.length > 0;
}
