import { existsSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { databaseName, keyName, logsName, uploadsName } from "../data-folder.ts";
import type { Config } from "../config.ts";
import { holderName, lockName } from "../data-folder-lock.ts";
import { OperatorError } from "../errors.ts";
import { backupDatabase, restoreDatabase } from "../store/sqlite/backup.ts";

/** Copies database, uploads and key into an empty folder while the server runs. @throws OperatorError */
export async function backUp(config: Config, target: string): Promise<string> {
  const { dataDir } = config;
  const folder = resolve(target);
  if (await hasContent(folder)) throw new OperatorError(`${folder} is not empty.`);
  if (!existsSync(join(dataDir, databaseName))) {
    throw new OperatorError(`There is no database in ${dataDir}. Name its folder with --data.`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Files are copied before the database, so that a file removed during the backup is not missing from it, and once
  // more afterwards, for files uploaded during the backup.
  await copyFiles(dataDir, folder);
  backupDatabase(join(dataDir, databaseName), join(folder, databaseName));
  await copyFiles(dataDir, folder);
  return `The backup is in ${folder}. It holds the key that signs tokens: keep it as safe as the data.`;
}

/**
 * Restores a backup into an empty data folder. The database comes last: it marks a complete restore.
 * @throws OperatorError
 */
export async function restore(config: Config, source: string): Promise<string> {
  const { dataDir } = config;
  const folder = resolve(source);
  const backup = join(folder, databaseName);
  if (!existsSync(backup)) throw new OperatorError(`There is no backup in ${folder}.`);
  if (await hasContent(dataDir)) {
    throw new OperatorError(`${dataDir} is not empty. Stop the server and move that folder away first.`);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await copyFiles(folder, dataDir);
  restoreDatabase(backup, join(dataDir, databaseName));
  return `${dataDir} is as it was when the backup was made. Start the server.`;
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of [keyName, uploadsName]) {
    const source = join(from, name);
    // Existing files were copied in the first pass; an upload never changes.
    if (existsSync(source)) await cp(source, join(to, name), { recursive: true, force: false, filter: isWhole });
  }
}

/** Leaves out unfinished uploads, which no message refers to. */
function isWhole(path: string): boolean {
  return !path.endsWith(`${uploadsName}/unfinished`);
}

/** A start that failed leaves its log and its lock, which hold nothing of a community. */
const leftByStart: ReadonlySet<string> = new Set([logsName, lockName, holderName]);

async function hasContent(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  return (await readdir(folder)).some((name) => !leftByStart.has(name));
}
