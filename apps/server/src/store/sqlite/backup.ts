import { randomUUID } from "node:crypto";
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OperatorError } from "../../errors.ts";

/**
 * Copies one snapshot of the database, also while a server writes to it. Blocks the thread until done, so run it in a
 * process of its own. The target file appears only once it is complete and synced to disk. Throws an OperatorError when
 * there is no database or the target exists.
 */
export function backupDatabase(file: string, target: string): void {
  if (!existsSync(file)) throw new OperatorError(`There is no database ${file}.`);
  if (existsSync(target)) throw new OperatorError(`${target} exists already.`);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  // Reads one snapshot. SQLite's page-wise backup would start again after every write.
  withDatabase(file, (db) => db.prepare("vacuum into ?").run(partial));
  moveDurably(partial, target);
}

/**
 * Replaces the database with a backup and gives it a new epoch, because positions that clients remember mean nothing in
 * it. Throws an OperatorError, and leaves the database unchanged, when the backup is missing or damaged or a server has
 * the database open.
 */
export function restoreDatabase(backup: string, file: string): void {
  if (!existsSync(backup)) throw new OperatorError(`There is no backup ${backup}.`);
  if (existsSync(file)) refuseWhileOpen(file);
  const partial = `${file}.partial`;
  copyFileSync(backup, partial);
  try {
    checkBackup(partial, backup);
    renewEpoch(partial);
  } catch (error) {
    rmSync(partial);
    throw error;
  }
  // A write-ahead log left by a crash belongs to the replaced database.
  for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
  moveDurably(partial, file);
}

/** Makes every client refetch its state. The database must not be open in a server. */
function renewEpoch(file: string): void {
  const epoch = randomUUID();
  withDatabase(file, (db) => db.prepare("update meta set value = ? where key = 'epoch'").run(epoch));
}

/** Leaves WAL mode, which needs exclusive access and writes the whole log into the file. */
function refuseWhileOpen(file: string): void {
  try {
    withDatabase(file, (db) => db.exec("pragma journal_mode = delete"), 0);
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.includes("locked"))) throw cause;
    throw new OperatorError(`The database ${file} is in use: stop the server first.`, { cause });
  }
}

function checkBackup(copy: string, backup: string): void {
  try {
    withDatabase(copy, (db) => {
      const [result] = db.prepare("pragma integrity_check(1)").all();
      if (result?.["integrity_check"] !== "ok") throw new Error(String(result?.["integrity_check"]));
      if (!db.prepare("select value from meta where key = 'epoch'").get()) throw new Error("It holds no epoch.");
    });
  } catch (cause) {
    throw new OperatorError(`${backup} is not a sound backup of Miscord.`, { cause });
  }
}

function withDatabase(file: string, use: (db: DatabaseSync) => unknown, timeoutMs = 10_000): void {
  const db = new DatabaseSync(file, { timeout: timeoutMs });
  try {
    use(db);
  } finally {
    db.close();
  }
}

function moveDurably(from: string, to: string): void {
  syncToDisk(from);
  renameSync(from, to);
  syncToDisk(dirname(to));
}

function syncToDisk(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
