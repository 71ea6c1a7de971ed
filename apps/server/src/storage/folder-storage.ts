import { constants } from "node:fs";
import { access, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { AppError } from "../errors.ts";
import { StartupError } from "../startup-error.ts";
import { openUnfinishedFiles, placeOf, type UnfinishedFiles } from "./unfinished-files.ts";

const usable = constants.R_OK | constants.W_OK | constants.X_OK;

/**
 * Attachment storage in a folder, which nodes may share, with subfolders by the first two characters of the key. With
 * `mayCreate` a missing folder is created; without, as for a shared folder that may not be mounted, it is refused.
 *
 * @throws StartupError
 */
export async function openFolderStorage(
  root: string,
  { mayCreate }: { mayCreate: boolean },
): Promise<AttachmentStorage> {
  const unfinished = await openFolder(root, mayCreate);
  const pathOf = (key: string) => join(root, placeOf(key));
  return {
    receive: (key, source) => unfinished.receive(key, source),

    async keep(key) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(unfinished.pathOf(key), path);
    },

    async read(key, range): Promise<Readable> {
      const file = await open(pathOf(key), "r").catch((error: unknown) => {
        throw isMissing(error) ? new AppError("not_found", "There is no such file.", { cause: error }) : error;
      });
      return file.createReadStream(range ?? {});
    },

    async size(key) {
      try {
        return (await stat(pathOf(key))).size;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    freeBytes: () => unfinished.freeBytes(),
    sweep: () => unfinished.sweep(),
    async check() {
      await unfinished.check();
      await access(root, usable);
    },

    async remove(key) {
      await rm(pathOf(key), { force: true });
      await unfinished.remove(key);
    },
  };
}

async function openFolder(root: string, mayCreate: boolean): Promise<UnfinishedFiles> {
  try {
    if (!mayCreate) await access(root, usable);
    return await openUnfinishedFiles(join(root, "unfinished"));
  } catch (cause) {
    if (isMissing(cause)) {
      throw new StartupError(`The folder of uploads ${root} does not exist. Is it mounted?`, { cause });
    }
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new StartupError(`The folder of uploads ${root} cannot be written to (${reason}).`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
