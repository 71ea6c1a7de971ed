import { access, chmod, constants, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { StartupError } from "./startup-error.ts";

/** Names in the data folder. */
export const databaseName = "miscord.db";
export const uploadsName = "uploads";
export const keyName = "secret.key";
export const createdName = "database.created";
export const progressName = "progress.json";
export const logsName = "logs";

/**
 * Creates the data folder when it is missing, checks access to it and makes its entries private to this user.
 *
 * @throws StartupError
 */
export async function prepareDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    await makePrivate(path);
  } catch (cause) {
    throw new StartupError(`The data folder ${path} cannot be written to (${reason(cause)}).`, { cause });
  }
}

/**
 * The umask of the process keeps new files private. Files of an earlier version, of a restored backup or of a folder
 * made by hand may be readable by others. Only the top entries are changed: a closed folder closes what it contains.
 */
async function makePrivate(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isFile()) await chmod(join(path, entry.name), 0o600);
    else if (entry.isDirectory()) await chmod(join(path, entry.name), 0o700);
  }
}

/**
 * The key that versions before 2.1 kept in a file, in base64url; null without the file.
 *
 * @throws StartupError
 */
export async function readKeyFile(folder: string): Promise<string | null> {
  const path = join(folder, keyName);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    if (reason(cause) === "ENOENT") return null;
    throw new StartupError(`The key ${path} cannot be read (${reason(cause)}).`, { cause });
  });
  if (text === null) return null;
  const key = text.trim();
  if (Buffer.from(key, "base64url").length >= 32) return key;
  throw new StartupError(`The key ${path} is damaged. Remove it, and everybody logs in anew.`);
}

export async function removeKeyFile(folder: string): Promise<void> {
  await rm(join(folder, keyName), { force: true });
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
