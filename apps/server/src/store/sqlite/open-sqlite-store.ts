import { Kysely, sql } from "kysely";
import { systemClock, type Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { channelLog } from "../channel-log.ts";
import type { LogCommand, LogOutcome, Progress, Store } from "../contract.ts";
import type { CommitPace } from "../log/commit-pace.ts";
import { GroupCommit } from "../log/group-commit.ts";
import { StartupError } from "../../startup-error.ts";
import { checkedEpoch, migrate } from "../migrate.ts";
import { QueryLatency } from "../query-latency.ts";
import type { Tables } from "../schema.ts";
import { Eraser } from "./eraser.ts";
import { sqliteDialect } from "./kysely-dialect.ts";
import { indexToLookAt, openSearch } from "./open-search.ts";
import type { LogWorkerData, WriteReply, WriteRequest } from "./log-worker.ts";
import {
  databaseOf,
  type QueriedDatabase,
  type QueryReply,
  type QueryRequest,
  type QueryThread,
} from "./query-protocol.ts";
import { Lines } from "../../concurrency/lines.ts";
import { WorkerLink } from "./worker-link.ts";
import { ThreadWriter, type SqliteWriter } from "./writer.ts";

/** A store with its writer, for worker processes that read the file themselves and write through this process. */
export interface SqliteStore extends Store {
  readonly writer: SqliteWriter;
}

export interface SqliteStoreOptions {
  /** Path of the database file, created when missing; its folder must exist. */
  file: string;
  clock?: Clock;
  /** The data's progress as it was noted last. When the database has less, it lost something and gets a new epoch. */
  known?: Progress | null;
  /** Called with the number of positions that the database has lost since `known`. */
  onLoss?: (positions: number) => void;
  /** Delays the log's transactions to share them; by default each starts as soon as the one before has ended. */
  pace?: Pick<CommitPace, "count" | "intervalMs">;
  /** Called once when a worker dies. From then on everything rejects with `unavailable`; only a restart helps. */
  onFailure?: (error: Error) => void;
  /** Called when the log's listener throws. By default the process ends, as clients would miss the event. */
  onListenerError?: (error: unknown) => void;
}

const queryScript = new URL("./query-worker.ts", import.meta.url);
const logScript = new URL("./log-worker.ts", import.meta.url);
const unpaced = { count: () => {}, intervalMs: () => 0 };
const bounds = { perTransaction: 500, waitingAtMost: 20_000 };

/**
 * Opens the database, runs missing migrations and starts a worker thread for reads and one for writes (the log's and others);
 * the search has another one while it is used. Rejects with a StartupError that names the file and the reason when the
 * database cannot be opened.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { file, clock = systemClock, pace = unpaced, onFailure = () => {}, onListenerError = endProcess } = options;
  // SQLite has one writer at a time. Waiters that poll for its lock starve each other under load; here they queue,
  // in two lines: whoever writes much else (uploads, settings) delays a message by one transaction at most.
  const writeLock = new Lines();
  const [logLine, otherLine] = [writeLock.open(), writeLock.open()];
  const thread = new WorkerLink<WriteRequest, WriteReply>(logScript, { file } satisfies LogWorkerData, onFailure);
  const writing: QueryThread = { call: (request) => thread.call(request) as Promise<QueryReply> };
  // In the line of all writers: the thread would wait in vain for a transaction whose next statement waits for the thread.
  const commit = (commands: readonly LogCommand[]) => logLine.run(() => thread.call(commands) as Promise<LogOutcome[]>);
  const read: readonly QueriedDatabase[] = [{ file, access: "read" }, indexToLookAt(file, true)];
  const reader = new WorkerLink<QueryRequest, QueryReply>(queryScript, read, onFailure);
  const writer = new ThreadWriter(writing, otherLine, clock);
  const db = new Kysely<Tables>({ dialect: sqliteDialect({ reader, writer }) });
  const closers = [() => db.destroy(), () => thread.close(), () => reader.close()];
  const close = async () => {
    for (const closeNext of closers) await closeNext();
  };
  try {
    // Those of a large database may take longer than any other transaction, and nobody else writes yet.
    const patient = new ThreadWriter(writing, otherLine, null);
    await migrate(new Kysely<Tables>({ dialect: sqliteDialect({ reader, writer: patient }) }), "sqlite");
    const { epoch, lost } = await checkedEpoch(db, options.known ?? null);
    if (lost > 0) options.onLoss?.(lost);
    const writes = new GroupCommit(commit, { ...bounds, clock, pace, onListenerError });
    closers.unshift(() => writes.close());
    const search = openSearch({ file, onFailure, clock, shared: databaseOf(reader, 1) });
    closers.unshift(() => search.close());
    // The first batch compiles the log's statements, which need the tables.
    await Promise.all([search.ready(), commit([])]);
    const latency = new QueryLatency();
    const ask = () => latency.measure(() => sql`select 1`.execute(db));
    const ping = async () => void (await Promise.all([ask(), commit([])]));
    const eraser = new Eraser(writing);
    const eraseDeleted = () => otherLine.run(() => eraser.run());
    return {
      dialect: "sqlite",
      epoch,
      onEpochChanged: () => {},
      onInterrupted: () => {},
      db,
      log: channelLog(db, writes),
      search: search.db,
      searchState: search.state,
      indexSteps: search.steps,
      writer,
      ping,
      stats: () => ({ latencyMs: latency.latencyMs, pool: null, replication: null }),
      eraseDeleted,
      erasesFiles: true,
      close,
    };
  } catch (error) {
    await close();
    throw explain(error, file);
  }
}

function endProcess(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Adds the file to the error, for the operator. */
function explain(error: unknown, file: string): unknown {
  if (error instanceof StartupError) return error;
  // A worker that cannot open its file dies, and its calls reject with the reason as their cause.
  const cause = error instanceof AppError ? error.cause : error;
  if (!(cause instanceof Error)) return error;
  return new StartupError(`The database ${file} cannot be opened: ${cause.message}.`, { cause });
}
