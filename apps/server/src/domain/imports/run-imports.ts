import { AppError } from "../../errors.ts";
import type { ImportRow } from "../../store/import-tables.ts";
import * as queries from "../../store/queries/imports.ts";
import type { DueWork } from "../due-work/due-work.ts";
import { announceImports } from "./announce-imports.ts";
import { ImportFault } from "./discord/fault.ts";
import { finishImport } from "./finish-import.ts";
import { ended, waitingMs } from "./manage-imports.ts";
import { Overtaken, type ImportContext, type Job } from "./job.ts";

const pauseMs = 1_000;
const claimName = "imports";
/** Attempts that come to no step one after the other. */
const maxFailures = 3;
const againMs = 5_000;

/**
 * Does what is due for imports, one after the other, on one node of several: looks through what was uploaded, imports it in small
 * steps, and clears away what is over. When the node is gone, the next that looks goes on after the last step. Returns the
 * function that stops it.
 */
export function startImports(context: ImportContext, due: DueWork, onError: (error: unknown) => void): () => void {
  let isStopped = false;
  const stop = due.add({
    kinds: ["import"],
    pauseMs,
    work: () => work(context, () => isStopped, onError),
    onError,
  });
  return () => {
    isStopped = true;
    stop();
  };
}

async function work(context: ImportContext, isStopped: () => boolean, onError: (error: unknown) => void) {
  const { store, clock, cluster } = context;
  if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
  const isMine = () => !isStopped() && cluster.owns(claimName);
  while (isMine()) {
    const row = await queries.dueImport(store.db, clock.now());
    if (!row) return;
    try {
      await doWhatIsDue(context, row, isMine);
    } catch (error) {
      if (error instanceof Overtaken) continue;
      if (!isMine()) return;
      onError(error);
      await queries.changeImport(store.db, row, { due_at: clock.now() + againMs });
    }
  }
}

async function doWhatIsDue(context: ImportContext, row: ImportRow, isMine: () => boolean): Promise<void> {
  const { store, clock } = context;
  if (row.status === "reading" || row.status === "running") return begin(context, row, isMine);
  if (row.finished_at === null) {
    // Nobody went on with it.
    await queries.changeImport(store.db, row, ended("cancelled", clock.now()));
    return announceImports(context);
  }
  return finishImport(context, row, isMine);
}

async function begin(context: ImportContext, row: ImportRow, isMine: () => boolean): Promise<void> {
  const { store, clock } = context;
  if (row.failures >= maxFailures) return fail(context, row, "internal");
  const counts = { attempts: row.attempts + 1, failures: row.failures + 1 };
  if (!(await queries.changeImport(store.db, row, counts))) return;
  // With the step that another node has ended since the row was read; it can end no further one.
  const begun = await queries.importById(store.db, row.id);
  if (!begun) return;
  const job: Job = { context, row: begun, isMine };
  try {
    // Loaded with the first import.
    if (row.status === "reading") await (await import("./preview-stored.ts")).previewStored(job);
    else await (await import("./import-stored.ts")).importStored(job);
  } catch (error) {
    if (error instanceof ImportFault) return fail(context, begun, error.code);
    if (error instanceof AppError && error.code === "storage_full") return fail(context, begun, "storage_full");
    if (!(error instanceof Overtaken) && isMine()) {
      await queries.changeImport(store.db, begun, { due_at: clock.now() + againMs });
    }
    throw error;
  }
}

/** What it has made stays, and it can be started again while its files are there. */
async function fail(context: ImportContext, row: ImportRow, fault: ImportFault["code"]): Promise<void> {
  const expiresAt = context.clock.now() + waitingMs;
  await queries.changeImport(context.store.db, row, {
    status: "failed",
    fault,
    due_at: expiresAt,
    expires_at: expiresAt,
  });
  await announceImports(context);
}
