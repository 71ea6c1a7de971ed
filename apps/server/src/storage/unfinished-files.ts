import { constants, createWriteStream } from "node:fs";
import { access, mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReceivedFile } from "../domain/attachments/storage.ts";

/** An upload takes half an hour at most and its inspection seconds: what nothing has written to for longer was left by a crash. */
const abandonedMs = 3_600_000;

/** Files that are still arriving, or that have arrived and are not kept yet. Several processes may share the folder. */
export interface UnfinishedFiles {
  receive(key: string, source: Readable): Promise<ReceivedFile>;
  pathOf(key: string): string;
  remove(key: string): Promise<void>;
  /** Removes files that nothing has written to for an hour. */
  sweep(): Promise<void>;
  freeBytes(): Promise<number>;
  /** Rejects while the folder is missing or cannot be written to. */
  check(): Promise<void>;
}

/** Creates the folder when it is missing and removes abandoned files from it. */
export async function openUnfinishedFiles(folder: string): Promise<UnfinishedFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (key: string) => join(folder, checkedKey(key));
  const files: UnfinishedFiles = {
    pathOf,

    async receive(key, source) {
      const path = pathOf(key);
      try {
        const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
        await pipeline(source, file);
        return { path, size: file.bytesWritten };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },

    remove: (key) => rm(pathOf(key), { force: true }),

    async sweep() {
      const before = Date.now() - abandonedMs;
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        // A file that is gone by now was kept or removed by its upload.
        const written = await stat(path).catch(() => null);
        if (written && written.mtimeMs < before) await rm(path, { recursive: true, force: true });
      }
    },

    check: () => access(folder, constants.R_OK | constants.W_OK | constants.X_OK),
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
  await files.sweep();
  return files;
}

/** Throws for anything but a key that the server generated, such as a path. */
function checkedKey(key: string): string {
  if (!/^[A-Za-z0-9_-]{8,}$/.test(key)) throw new Error("not a storage key");
  return key;
}

/** The place of a kept file, in a folder as in a bucket, so that tools that copy folders into buckets can move them. */
export function placeOf(key: string): string {
  return `${checkedKey(key).slice(0, 2)}/${key}`;
}
