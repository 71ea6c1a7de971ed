import { existsSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** The index's file beside the database. */
export function searchFileOf(file: string): string {
  return `${file}-search`;
}

/**
 * Creates the file of the search index unless it is there, and anew when it is damaged: the index can be made again.
 */
export function prepareSearchFile(file: string): void {
  try {
    createTables(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    createTables(file);
  }
}

function createTables(file: string): void {
  const isNew = !existsSync(file);
  const db = new DatabaseSync(file, { timeout: 10_000 });
  try {
    // Room that a merge frees can then be given back.
    if (isNew) db.exec("pragma auto_vacuum = incremental; pragma journal_mode = wal");
    db.exec(`create table if not exists search_state (key text primary key, value text not null) without rowid;
      create table if not exists search_positions (channel_id integer primary key, seq integer not null);
      create virtual table if not exists search_index using fts5 (
        tokens, content = '', contentless_delete = 1, detail = none, prefix = '3',
        tokenize = "ascii tokenchars ':'")`);
    if (!isNew) checkWhole(db);
  } finally {
    db.close();
  }
}

/** Throws when it is damaged. Reads the whole file. */
function checkWhole(db: DatabaseSync): void {
  const row = db.prepare("pragma quick_check(1)").get();
  if (row?.["quick_check"] !== "ok") throw Object.assign(new Error("the file is damaged"), { errcode: corrupt });
  db.exec("insert into search_index (search_index) values ('integrity-check')");
}

const corrupt = 11;
const notDatabase = 26;

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && [corrupt, notDatabase].includes(Number(error.errcode) & 0xff);
}
