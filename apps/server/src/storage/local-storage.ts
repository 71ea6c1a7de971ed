import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";

/** Attachment storage in a local folder, with subfolders by the first two characters of the key. */
export async function openLocalStorage(root: string): Promise<AttachmentStorage> {
  const unfinished = join(root, "unfinished");
  // Files left here are uploads that a crash interrupted; no message refers to them.
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });

  return {
    async receive(key, source) {
      const path = join(unfinished, key);
      try {
        const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
        await pipeline(source, file);
        return { path, size: file.bytesWritten };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },

    async keep(key) {
      const path = pathOf(root, key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(join(unfinished, key), path);
    },

    async read(key, range): Promise<Readable> {
      const file = await open(pathOf(root, key), "r");
      return file.createReadStream(range ?? {});
    },

    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },

    async remove(key) {
      for (const path of [pathOf(root, key), join(unfinished, key)]) await rm(path, { force: true });
    },
  };
}

function pathOf(root: string, key: string): string {
  if (!/^[A-Za-z0-9_-]{8,}$/.test(key)) throw new Error("not a storage key");
  return join(root, key.slice(0, 2), key);
}
