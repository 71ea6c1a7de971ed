import type { ImportRow } from "../../store/import-tables.ts";
import { changeImport } from "../../store/queries/imports.ts";
import type { DomainContext } from "../context.ts";
import { announceImports } from "./announce-imports.ts";

export type ImportContext = Pick<
  DomainContext,
  "store" | "bus" | "cluster" | "clock" | "storage" | "settings" | "pictures" | "inspector" | "instance" | "voice"
>;

/** A preview or an import that this node works on. */
export interface Job {
  readonly context: ImportContext;
  /** As it was when it was begun. */
  readonly row: ImportRow;
  /** False: the server stops, or another node has taken over. */
  readonly isMine: () => boolean;
}

/** The import was cancelled, or another node works on it: nothing more may be written. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

/** Administrators hear of progress this often. */
const toldMs = 1_000;
/** Longest rest between two steps. */
const restMs = 1_000;

/**
 * Changes the import's row in a transaction of the job, which must not be committed when this rejects. @throws Overtaken
 */
export async function change(
  { row }: Job,
  db: ImportContext["store"]["db"],
  changes: Parameters<typeof changeImport>[2],
) {
  if (!(await changeImport(db, row, changes))) throw new Overtaken();
}

/**
 * The function that is called between the steps of a job. It rests as long as the step took, so that others have half of the time
 * of this process and of the database at least. @throws Overtaken
 */
export function pacer({ context, isMine }: Job): () => Promise<void> {
  const { clock } = context;
  let startedAt = clock.monotonic();
  let toldAt = 0;
  return async () => {
    if (!isMine()) throw new Overtaken();
    if (clock.monotonic() - toldAt >= toldMs) {
      toldAt = clock.monotonic();
      await announceImports(context);
    }
    const ms = Math.min(clock.monotonic() - startedAt, restMs);
    if (ms >= 1) await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
    startedAt = clock.monotonic();
  };
}
