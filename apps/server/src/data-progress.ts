import { existsSync, statSync } from "node:fs";
import { open, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "./clock.ts";
import { every } from "./concurrency/every.ts";
import { createdName, databaseName, keyName, progressName, uploadsName } from "./data-folder.ts";
import { StartupError } from "./startup-error.ts";
import type { Progress, Store } from "./store/contract.ts";
import { givenPositions } from "./store/queries/progress.ts";

const everyMs = 1_000;
/** After a failed write, such as on a full disk, the next attempt waits this long. */
const afterFailureMs = 60_000;

/**
 * How far the database had come when this was written last; null without the file. It lies beside the database, so that
 * a start can tell a database that lost something from one that is new.
 */
export async function readProgress(folder: string): Promise<Progress | null> {
  try {
    const { epoch, positions } = JSON.parse(await readFile(join(folder, progressName), "utf8")) as Partial<Progress>;
    return typeof epoch === "string" && typeof positions === "number" ? { epoch, positions } : null;
  } catch {
    return null;
  }
}

/**
 * Throws a StartupError when the folder held the data of an instance and its database is missing or empty, which would
 * look like a first start. To be called before the database is opened for writing.
 */
export async function refuseLostDatabase(folder: string): Promise<void> {
  const file = join(folder, databaseName);
  if (!isEmptyDatabase(file)) return;
  const left = await traces(folder);
  if (left.length === 0) return;
  throw new StartupError(
    `The database ${file} is ${existsSync(file) ? "empty" : "missing"}, but this folder held an instance (${left.join(", ")}). ` +
      `Restore a backup into an empty folder with "npm run admin -- restore", or remove ${left.join(" and ")} to start anew.`,
  );
}

/** Without a single table, as a file that was cut off, or whose write-ahead log was. */
function isEmptyDatabase(file: string): boolean {
  if (!existsSync(file) || statSync(file).size === 0) return true;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    return db.prepare("select 1 from sqlite_master limit 1").get() === undefined;
  } catch {
    // Opening it for use reports what is wrong with it.
    return false;
  } finally {
    db?.close();
  }
}

/** What a first start creates after the database. */
async function traces(folder: string): Promise<string[]> {
  const uploads = await readdir(join(folder, uploadsName)).catch(() => []);
  const found = [keyName, createdName, progressName].filter((name) => existsSync(join(folder, name)));
  return uploads.some((name) => name !== "unfinished") ? [...found, uploadsName] : found;
}

/**
 * Writes the progress within a second after it changes. Resolves, after the first write, with the function that writes it
 * a last time and stops. What is written was durable before, so it is never ahead of a sound database.
 */
export async function keepProgress(
  { store, clock, folder }: { store: Store; clock: Clock; folder: string },
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  let written = -1;
  let notBefore = 0;
  let running: Promise<void> = Promise.resolve();
  const write = async () => {
    const positions = await givenPositions(store.db);
    if (positions === written) return;
    await writeDurably(join(folder, progressName), JSON.stringify({ epoch: store.epoch, positions }));
    written = positions;
  };
  const work = (): Promise<void> => {
    if (clock.monotonic() < notBefore) return Promise.resolve();
    running = write().catch((error: unknown) => {
      notBefore = clock.monotonic() + afterFailureMs;
      onError(error);
    });
    return running;
  };
  await markCreated(folder);
  await work();
  const stop = every(clock, { everyMs, work, onError });
  return async () => {
    stop();
    await running;
    await write();
  };
}

/** Never written again, so that a start without the database is refused also when the note of its progress is lost. */
async function markCreated(folder: string): Promise<void> {
  const path = join(folder, createdName);
  if (existsSync(path)) return;
  await writeFile(path, "Miscord keeps its database in this folder and does not start without it.\n", { mode: 0o600 });
}

/** Replaces the file as a whole: after a crash it has the old content or the new. */
async function writeDurably(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w", 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
}
