import { chmod, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartupError } from "./startup-error.ts";

/** SQLite's lock is the only one that Node offers without native code and that a killed process leaves open. */
export const lockName = "instance.lock";
/** The process that holds the lock, as it is written beside it. `since`: ISO 8601. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** Says who holds the lock, since the locked file itself cannot be read. */
export const holderName = "instance.json";

/**
 * Takes the data folder for this process until the returned function is called or the process ends, however it ends.
 *
 * Throws a StartupError that names the holder while another process (or another instance in this one) has the folder.
 * To be called before anything else in the folder is read or written.
 */
export async function lockDataFolder(folder: string): Promise<() => void> {
  const path = join(folder, lockName);
  const lock = takeLock(path);
  if (!lock) throw new StartupError(`Another Miscord uses the data folder ${folder}: ${await describeHolder(folder)}.`);
  await chmod(path, 0o600);
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await writeFile(join(folder, holderName), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  return () => lock.close();
}

/** The open transaction holds the lock. Null: another one has it. */
function takeLock(path: string): DatabaseSync | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("pragma journal_mode = delete; begin exclusive");
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof Error && /locked/.test(cause.message)) return null;
    throw new StartupError(
      `The lock ${path} cannot be taken: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        cause,
      },
    );
  }
}

async function describeHolder(folder: string): Promise<string> {
  try {
    const { pid, host, since } = JSON.parse(await readFile(join(folder, holderName), "utf8")) as Holder;
    return `process ${pid} on ${host}, started ${since}`;
  } catch {
    return "a process that did not write its name";
  }
}
