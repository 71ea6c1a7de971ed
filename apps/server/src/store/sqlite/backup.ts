import { randomUUID } from "node:crypto";
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OperatorError } from "../../errors.ts";

/**
 * Copies the database as it is at one moment, while a server goes on writing to it. Blocks the thread for as long as
 * that takes: for a process of its own. The target appears only once it is whole and on the disk.
 */
export function backupDatabase(file: string, target: string): void {
  if (!existsSync(file)) throw new OperatorError(`There is no database ${file}.`);
  if (existsSync(target)) throw new OperatorError(`${target} exists already.`);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  // One snapshot from beginning to end; SQLite's page-wise backup would start again after every write.
  withDatabase(file, (db) => db.prepare("vacuum into ?").run(partial));
  moveDurably(partial, target);
}

/**
 * Puts a backup in the database's place, under a new epoch: positions that clients remember mean nothing in it.
 * Refuses while a server has the database open.
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
  // Leftovers of a crash belong to the data that goes.
  for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
  moveDurably(partial, file);
}

/** Makes every client fetch afresh; answers with the new epoch. Not for a database that a server has open. */
function renewEpoch(file: string): string {
  const epoch = randomUUID();
  withDatabase(file, (db) => db.prepare("update meta set value = ? where key = 'epoch'").run(epoch));
  return epoch;
}

/** Leaving WAL mode needs the database for oneself, and brings all that is in the log into the file. */
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
