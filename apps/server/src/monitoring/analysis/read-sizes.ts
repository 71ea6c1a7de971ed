import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { databaseName } from "../../data-folder.ts";
import { readServedDatabase } from "../../store/postgres/database-size.ts";
import type { Store } from "../../store/contract.ts";
import type { DiskUse, NodeFigures } from "./series.ts";

type Sizes = Pick<NodeFigures, "disk" | "database_bytes" | "database_disk">;

export interface SizesOptions {
  /** The data folder. */
  readonly folder: string;
  /** PostgreSQL has a pool of connections, the embedded database none: its file stays after a move to PostgreSQL. */
  readonly store: Pick<Store, "db" | "stats">;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

const unknown = { database_bytes: null, database_disk: null };
/** PostgreSQL looks at each of its files to tell the size. */
const askEveryMs = 15 * 60_000;

/** How large the database is, and how full its disk and that of the data folder. Null what cannot be read. */
export class ReadSizes {
  readonly #options: SizesOptions;
  #askedAt = Number.NEGATIVE_INFINITY;
  #served: Omit<Sizes, "disk"> = unknown;

  constructor(options: SizesOptions) {
    this.#options = options;
  }

  /** Does not wait for PostgreSQL: the first answer has no size of it. */
  async read(): Promise<Sizes> {
    const { folder, store, clock } = this.#options;
    const disk = await diskOf(folder);
    if (store.stats().pool === null) {
      const file = await stat(join(folder, databaseName)).catch(() => null);
      return { disk, ...unknown, database_bytes: file?.size ?? null };
    }
    const now = clock.monotonic();
    if (now - this.#askedAt >= askEveryMs) {
      this.#askedAt = now;
      void this.#ask();
    }
    return { disk, ...this.#served };
  }

  async #ask(): Promise<void> {
    const { folder, store, onFailure } = this.#options;
    try {
      const served = await readServedDatabase(store.db);
      const isApart = served.folder !== null && (await areApart(served.folder, folder));
      this.#served = {
        database_bytes: served.bytes,
        database_disk: isApart ? await diskOf(served.folder) : null,
      };
    } catch (error) {
      onFailure(error);
    }
  }
}

async function diskOf(folder: string): Promise<DiskUse | null> {
  const disk = await statfs(folder).catch(() => null);
  return (
    disk && {
      used: (disk.blocks - disk.bfree) * disk.bsize,
      total: (disk.blocks - disk.bfree + disk.bavail) * disk.bsize,
    }
  );
}

/** Whether two folders are on different disks; false when that cannot be read. */
async function areApart(one: string, other: string): Promise<boolean> {
  try {
    const [first, second] = await Promise.all([stat(one), stat(other)]);
    return first.dev !== second.dev;
  } catch {
    return false;
  }
}
