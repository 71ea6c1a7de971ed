import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { databaseName, keyName, logsName, uploadsName } from "../data-folder.ts";
import type { Config } from "../config.ts";
import { holderName, lockName } from "../data-folder-lock.ts";
import { OperatorError } from "../errors.ts";
import { describeLocation } from "../storage/location.ts";
import { locationOf } from "../storage/open-storage.ts";
import { backupDatabase, restoreDatabase } from "../store/sqlite/backup.ts";

/**
 * Copies the database and the uploads into an empty folder while the server runs. Uploads in a bucket are not copied.
 *
 * @throws OperatorError
 */
export async function backUp(config: Config, target: string): Promise<string> {
  const { dataDir } = config;
  const folder = resolve(target);
  refuseWithPostgres(config);
  if (await hasContent(folder)) throw new OperatorError(`${folder} is not empty.`);
  if (!existsSync(join(dataDir, databaseName))) {
    throw new OperatorError(`There is no database in ${dataDir}. Name its folder with --data.`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copyFiles = async () => {
    // Only until the first start of this version, which takes the key into the database.
    await copy(join(dataDir, keyName), join(folder, keyName));
    await copy(uploadsFolder(config), join(folder, uploadsName));
  };
  // Files are copied before the database, so that a file removed during the backup is not missing from it, and once
  // more afterwards, for files uploaded during the backup.
  await copyFiles();
  backupDatabase(join(dataDir, databaseName), join(folder, databaseName));
  await copyFiles();
  const text = `The backup is in ${folder}. It holds the keys that sign tokens: keep it as safe as the data.`;
  const location = locationOf(config);
  if (location.kind === "folder") return text;
  return `${text} Uploads are in ${describeLocation(location)} and not part of it.`;
}

/**
 * Restores a backup into an empty data folder. The database comes last: it marks a complete restore.
 *
 * @throws OperatorError
 */
export async function restore(config: Config, source: string): Promise<string> {
  const { dataDir } = config;
  const folder = resolve(source);
  const backup = join(folder, databaseName);
  refuseWithPostgres(config);
  if (!existsSync(backup)) throw new OperatorError(`There is no backup in ${folder}.`);
  if (await hasContent(dataDir)) {
    throw new OperatorError(`${dataDir} is not empty. Stop the server and move that folder away first.`);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await copy(join(folder, keyName), join(dataDir, keyName));
  await copy(join(folder, uploadsName), uploadsFolder(config));
  restoreDatabase(backup, join(dataDir, databaseName));
  return `${dataDir} is as it was when the backup was made. Start the server.`;
}

function refuseWithPostgres({ databaseUrl }: Config): void {
  if (databaseUrl === undefined) return;
  throw new OperatorError(
    "This command is for the embedded database, and DATABASE_URL is set. Back up PostgreSQL with its own tools, and the storage of uploads besides.",
  );
}

/** With a bucket: the folder from which `move-uploads` copies by default. */
function uploadsFolder(config: Config): string {
  const location = locationOf(config);
  return location.kind === "folder" ? location.path : join(config.dataDir, uploadsName);
}

/**
 * Existing files were copied in the first pass; an upload never changes. What is deleted meanwhile is left out, and so are unfinished
 * uploads, which no message refers to.
 */
async function copy(from: string, to: string): Promise<void> {
  const found = await stat(from).catch(unlessGone);
  if (!found?.isDirectory()) {
    if (found) await copyFile(from, to, constants.COPYFILE_EXCL).catch(unlessThereOrGone);
    return;
  }
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of await readdir(from)) {
    if (name !== unfinishedName) await copy(join(from, name), join(to, name));
  }
}

const unlessGone = unless("ENOENT");
const unlessThereOrGone = unless("ENOENT", "EEXIST");

function unless(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof Error && "code" in error && codes.includes(String(error.code)))) throw error;
  };
}

/** Of the folder of uploads. */
const unfinishedName = "unfinished";
/** A start that failed leaves its log and its lock, which hold nothing of a community. */
const leftByStart: ReadonlySet<string> = new Set([logsName, lockName, holderName]);

async function hasContent(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  return (await readdir(folder)).some((name) => !leftByStart.has(name));
}
