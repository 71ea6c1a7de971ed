import { existsSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { databaseName, keyName, logsName, uploadsName } from "../data-folder.ts";
import { holderName, lockName } from "../data-folder-lock.ts";
import { AppError } from "../errors.ts";
import { backupDatabase, restoreDatabase } from "../store/sqlite/backup.ts";

/** Copies database, uploads and key into a new folder, while the server goes on. */
export async function backUp(dataDir: string, target: string): Promise<string> {
  const folder = resolve(target);
  if (await hasContent(folder)) throw new AppError("conflict", `${folder} is not empty.`);
  if (!existsSync(join(dataDir, databaseName))) {
    throw new AppError("not_found", `There is no database in ${dataDir}. Name its folder with --data.`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Files first, since the database must not refer to one that was cleared away before its turn came; then again, for
  // what was sent meanwhile.
  await copyFiles(dataDir, folder);
  backupDatabase(join(dataDir, databaseName), join(folder, databaseName));
  await copyFiles(dataDir, folder);
  return `The backup is in ${folder}. It holds the key that signs tokens: keep it as safe as the data.`;
}

/** Puts a backup into a data folder that holds nothing yet. The database comes last: without it nothing is restored. */
export async function restore(dataDir: string, source: string): Promise<string> {
  const folder = resolve(source);
  const backup = join(folder, databaseName);
  if (!existsSync(backup)) throw new AppError("not_found", `There is no backup in ${folder}.`);
  if (await hasContent(dataDir)) {
    throw new AppError("conflict", `${dataDir} is not empty. Stop the server and move that folder away first.`);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await copyFiles(folder, dataDir);
  restoreDatabase(backup, join(dataDir, databaseName));
  return `${dataDir} is as it was when the backup was made. Start the server.`;
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of [keyName, uploadsName]) {
    const source = join(from, name);
    // What is there already was copied before; an upload never changes.
    if (existsSync(source)) await cp(source, join(to, name), { recursive: true, force: false, filter: isWhole });
  }
}

/** What is still being uploaded belongs to no message. */
function isWhole(path: string): boolean {
  return !path.endsWith(`${uploadsName}/unfinished`);
}

/** A start that failed leaves its log and its lock, which hold nothing of a community. */
const leftByStart: ReadonlySet<string> = new Set([logsName, lockName, holderName]);

async function hasContent(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  return (await readdir(folder)).some((name) => !leftByStart.has(name));
}
