import { posix } from "node:path";
import { Readable } from "node:stream";
import { importFilesAfter, importPartsAfter } from "../../store/queries/imports.ts";
import type { ImportPartRow } from "../../store/import-tables.ts";
import type { DomainContext } from "../context.ts";
import { isNoFile, mediaFolder, type ExportSource } from "./discord/export-source.ts";

const pageSize = 1_000;
/** Folders in folders that JSON files are looked for in. */
const levelsAtMost = 8;

interface File {
  start: number;
  size: number;
}

type Context = Pick<DomainContext, "store" | "storage">;

/** The files that were uploaded for an import, read from the storage part by part. */
export async function storedSource(context: Context, importId: string): Promise<ExportSource> {
  const files = await allFiles(context, importId);
  const parts = await allParts(context, importId);
  return {
    name: "What was uploaded",
    async *jsonFiles() {
      yield* [...files.keys()].filter(isExport).toSorted((a, b) => (a < b ? -1 : 1));
    },
    open(path) {
      const file = files.get(path);
      if (!file) throw new Error("An import's file is gone.");
      return Promise.resolve(Readable.from(bytesOf(context, parts, file), { objectMode: false }));
    },
    async find(jsonFile, name) {
      if (isNoFile(name)) return null;
      const path = posix.normalize(posix.join(posix.dirname(jsonFile), name.replaceAll("\\", "/")));
      const file = posix.isAbsolute(name) ? undefined : files.get(path);
      return file ? { path, size: file.size } : null;
    },
  };
}

function isExport(path: string): boolean {
  const folders = path.split("/").slice(0, -1);
  if (folders.length > levelsAtMost || folders.some((folder) => mediaFolder.test(folder))) return false;
  return path.toLowerCase().endsWith(".json");
}

async function allFiles({ store }: Context, importId: string): Promise<Map<string, File>> {
  const files = new Map<string, File>();
  for (let after = ""; ;) {
    const page = await importFilesAfter(store.db, importId, after, pageSize);
    for (const { path, start, size } of page) files.set(path, { start, size });
    if (page.length < pageSize) return files;
    after = page.at(-1)!.path;
  }
}

async function allParts({ store }: Context, importId: string): Promise<ImportPartRow[]> {
  const parts: ImportPartRow[] = [];
  for (;;) {
    const page = await importPartsAfter(store.db, importId, parts.at(-1)?.start ?? -1, pageSize);
    parts.push(...page);
    if (page.length < pageSize) return parts;
  }
}

async function* bytesOf({ storage }: Context, parts: readonly ImportPartRow[], file: File): AsyncGenerator<Buffer> {
  const end = file.start + file.size;
  for (let index = lastBeginningBefore(parts, file.start); index < parts.length; index += 1) {
    const { start, size, storage_key: key } = parts[index]!;
    if (start >= end) return;
    const range = { start: Math.max(file.start - start, 0), end: Math.min(end - start, size) - 1 };
    if (range.end >= range.start) yield* (await storage.read(key, range)) as AsyncIterable<Buffer>;
  }
}

function lastBeginningBefore(parts: readonly ImportPartRow[], at: number): number {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (parts[middle]!.start <= at) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}
