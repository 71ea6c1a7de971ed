import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { databaseName } from "../../data-folder.ts";
import type { NodeFigures } from "./series.ts";

/**
 * How full the disk of the data folder is, and the size of the embedded database, if that one is in use: its file stays
 * after a move to PostgreSQL. Null what cannot be read.
 */
export async function readSizes(
  folder: string,
  isEmbedded: boolean,
): Promise<Pick<NodeFigures, "disk" | "database_bytes">> {
  const [disk, database] = await Promise.all([
    statfs(folder).catch(() => null),
    isEmbedded ? stat(join(folder, databaseName)).catch(() => null) : null,
  ]);
  return {
    disk: disk && {
      used: (disk.blocks - disk.bfree) * disk.bsize,
      total: (disk.blocks - disk.bfree + disk.bavail) * disk.bsize,
    },
    database_bytes: database?.size ?? null,
  };
}
