import { Semaphore } from "../concurrency/semaphore.ts";
import type { Config } from "../config.ts";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { OperatorError } from "../errors.ts";
import { describeLocation, parseStorageLocation, type StorageLocation } from "../storage/location.ts";
import { locationOf, openLocation } from "../storage/open-storage.ts";
import type { Store } from "../store/contract.ts";
import { attachmentExists, attachmentsAfter } from "../store/queries/attachments.ts";
import { pictureById, picturesAfter } from "../store/queries/pictures.ts";
import { soundById, soundFilesAfter } from "../store/queries/sounds.ts";
import { filesAfter, isFileOf, type FileTable } from "../store/queries/stored-files.ts";
import { copyFile, type CopyOutcome } from "./copy-file.ts";
import { openMoveJournal, type MoveJournal } from "./move-journal.ts";
import { withStore } from "./open-store.ts";

export interface MoveOptions {
  /** Like STORAGE; by default the folder in the data folder. */
  from?: string | undefined;
  /** Like STORAGE; by default what the instance is configured with. */
  to?: string | undefined;
  /** Removes each file from the source once it is verified in the target. */
  remove?: boolean | undefined;
}

const pageSize = 500;
const atOnce = 4;
const listedAtMost = 100;

interface Move {
  store: Store;
  source: AttachmentStorage;
  target: AttachmentStorage;
  journal: MoveJournal;
  isRemoving: boolean;
}

/** A file as the database describes it. */
interface StoredFile {
  key: string;
  size: number;
  /** For the operator. */
  what: string;
  /** Whether it was not deleted meanwhile. */
  exists: () => Promise<boolean>;
}

/** Files by what became of them, as lines for the operator. */
type Result = Record<CopyOutcome, string[]>;

/**
 * Copies the files of all attachments, pictures, sounds, exports and imports from one storage to another and compares them. May be interrupted and repeated,
 * and nodes may run meanwhile on either storage. The source stays as it is unless files are to be removed from it.
 *
 * @throws OperatorError when a file is damaged, after all others were copied.
 */
export async function moveUploads(config: Config, options: MoveOptions): Promise<string> {
  const from = locationFrom(options.from ?? "folder", "--from", config);
  const to = options.to === undefined ? locationOf(config) : locationFrom(options.to, "--to", config);
  if (describeLocation(from) === describeLocation(to)) {
    throw new OperatorError(`Both are ${describeLocation(to)}. Set STORAGE to the new place, or name one with --to.`);
  }
  return withStore(config, async (store) => {
    const [source, target] = await Promise.all([openLocation(from, config), openLocation(to, config)]);
    const journal = await openMoveJournal(config.dataDir, to);
    const move = { store, source, target, journal, isRemoving: options.remove === true };
    const result = await copyAll(move);
    await removeDeleted(move);
    const text = report(result, { from, to, isRemoving: move.isRemoving });
    if (result.damaged.length > 0) throw new OperatorError(text);
    if (move.isRemoving) await journal.delete();
    return text;
  });
}

function locationFrom(text: string, option: string, { dataDir }: Config): StorageLocation {
  if (text === "folder") return locationOf({ storage: undefined, dataDir });
  const location = parseStorageLocation(text);
  if (typeof location === "string") throw new OperatorError(`${option} ${location}.`);
  return location;
}

async function copyAll(move: Move): Promise<Result> {
  const result: Result = { copied: [], there: [], missing: [], damaged: [] };
  const semaphore = new Semaphore(atOnce);
  for await (const page of pages(move.store)) {
    const work = page.map((file) =>
      semaphore.run(async () => {
        const outcome = await moveFile(move, file);
        if (outcome) result[outcome].push(`${file.key} (${file.what})`);
      }),
    );
    await Promise.all(work);
  }
  return result;
}

/** Resolves with null when the file was deleted meanwhile. */
async function moveFile(move: Move, { key, size, exists }: StoredFile): Promise<CopyOutcome | null> {
  const { source, target, journal, isRemoving } = move;
  const isVerified = journal.done.has(key) && (await target.size(key)) === size;
  const onStart = () => journal.start(key);
  const outcome = isVerified ? "there" : await copyFile({ source, target, key, size, onStart });
  if (outcome === "missing" || outcome === "damaged") {
    return (await exists()) ? outcome : null;
  }
  if (!journal.done.has(key)) await journal.finish(key);
  if (isRemoving) await source.remove(key);
  return outcome;
}

/** A node on the source removes a deleted file from there only: what was copied of it before is removed here. */
async function removeDeleted({ store, source, target, journal, isRemoving }: Move): Promise<void> {
  const deleted = new Set(journal.started);
  for await (const page of pages(store)) for (const { key } of page) deleted.delete(key);
  for (const key of deleted) {
    await target.remove(key);
    if (isRemoving) await source.remove(key);
  }
}

async function* pages({ db }: Store): AsyncGenerator<StoredFile[]> {
  for (let last = 0; ;) {
    const page = await attachmentsAfter(db, last, pageSize);
    yield page.map(({ id, storage_key: key, size }) => {
      return { key, size, what: `attachment ${id}`, exists: () => attachmentExists(db, id) };
    });
    if (page.length < pageSize) break;
    last = page.at(-1)!.id;
  }
  for (let last = ""; ;) {
    const page = await picturesAfter(db, last, pageSize);
    yield page.map(({ id, bytes: size }) => {
      return { key: id, size, what: "picture", exists: async () => (await pictureById(db, id)) !== undefined };
    });
    if (page.length < pageSize) break;
    last = page.at(-1)!.id;
  }
  for (let last = ""; ;) {
    const page = await soundFilesAfter(db, last, pageSize);
    yield page.map(({ id, file_id: key, bytes: size }) => {
      return { key, size, what: `sound ${id}`, exists: async () => (await soundById(db, id)) !== undefined };
    });
    if (page.length < pageSize) break;
    last = page.at(-1)!.file_id;
  }
  yield* pagesOf(db, "exports", "personal-data export");
  yield* pagesOf(db, "import_parts", "part of an import");
}

async function* pagesOf(db: Store["db"], table: FileTable, what: string): AsyncGenerator<StoredFile[]> {
  for (let last = ""; ;) {
    const page = await filesAfter(db, table, { key: last, limit: pageSize });
    yield page.map((file) => ({ ...file, what, exists: () => isFileOf(db, table, file.key) }));
    if (page.length < pageSize) return;
    last = page.at(-1)!.key;
  }
}

function report(
  { copied, there, missing, damaged }: Result,
  { from, to, isRemoving }: { from: StorageLocation; to: StorageLocation; isRemoving: boolean },
): string {
  const total = copied.length + there.length;
  return [
    `${describeLocation(to)} has ${total} ${total === 1 ? "file" : "files"}: ${copied.length} copied now, ${there.length} before.`,
    ...list("These files are in neither place:", missing),
    ...list(
      `These files in ${describeLocation(from)} are not as the database describes them, and were not copied:`,
      damaged,
    ),
    isRemoving
      ? `They are removed from ${describeLocation(from)}. What is left there belongs to nothing that is shown.`
      : `Nothing was removed from ${describeLocation(from)}.`,
  ].join("\n");
}

function list(title: string, files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const more = files.length > listedAtMost ? [`  and ${files.length - listedAtMost} more`] : [];
  return [title, ...files.slice(0, listedAtMost).map((file) => `  ${file}`), ...more];
}
