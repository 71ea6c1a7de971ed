import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/open-sqlite-store.ts";

let migrated: Buffer | undefined;

/**
 * Opens a store whose database, if it is new, has all migrations already: they would take longer than most tests. They
 * are run once for each process of tests. What it is about, a test of migrations opens without this.
 */
export async function openMigratedStore(options: Parameters<typeof openSqliteStore>[0]): Promise<SqliteStore> {
  await placeMigratedDatabase(options.file);
  return openSqliteStore(options);
}

/** Writes an empty database with all migrations, unless there is a file. */
export async function placeMigratedDatabase(file: string): Promise<void> {
  if (!existsSync(file)) writeFileSync(file, (migrated ??= await migrateOne()));
}

async function migrateOne(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "miscord-migrated-"));
  const file = join(folder, "migrated.db");
  const store = await openSqliteStore({ file });
  // Each database has one of its own.
  await store.db.deleteFrom("meta").where("key", "=", "epoch").execute();
  await store.close();
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}
