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
import { openSearch } from "./open-search.ts";
import type { LogWorkerData } from "./log-worker.ts";
import type { QueryReply, QueryRequest, QueryWorkerData } from "./query-protocol.ts";
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
 * Opens the database, runs missing migrations and starts three workers: for reads, for writes and for the log. Rejects
 * with a StartupError that names the file and the reason when the database cannot be opened.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { file, clock = systemClock, pace = unpaced, onFailure = () => {}, onListenerError = endProcess } = options;
  // SQLite has one writer at a time. Waiters that poll for its lock starve each other under load; here they queue,
  // in two lines: whoever writes much else (uploads, settings) delays a message by one transaction at most.
  const writeLock = new Lines();
  const [logLine, otherLine] = [writeLock.open(), writeLock.open()];
  const startQueries = (access: QueryWorkerData["access"]) =>
    new WorkerLink<QueryRequest, QueryReply>(queryScript, { file, access } satisfies QueryWorkerData, onFailure);
  const writing = startQueries("write");
  const reader = startQueries("read");
  const writer = new ThreadWriter(writing, otherLine, clock);
  const db = new Kysely<Tables>({ dialect: sqliteDialect({ reader, writer }) });
  const closers = [() => db.destroy(), () => writing.close(), () => reader.close()];
  const close = async () => {
    for (const closeNext of closers) await closeNext();
  };
  try {
    await migrate(db, "sqlite");
    const { epoch, lost } = await checkedEpoch(db, options.known ?? null);
    if (lost > 0) options.onLoss?.(lost);
    // After the migrations, because this worker compiles its statements at once and they need the tables.
    const log = new WorkerLink<readonly LogCommand[], LogOutcome[]>(
      logScript,
      { file } satisfies LogWorkerData,
      onFailure,
    );
    const writes = new GroupCommit((commands) => logLine.run(() => log.call(commands)), {
      ...bounds,
      clock,
      pace,
      onListenerError,
    });
    closers.unshift(
      () => writes.close(),
      () => log.close(),
    );
    const search = openSearch({ file, onFailure, clock });
    closers.unshift(() => search.close());
    await search.ready();
    const latency = new QueryLatency();
    const ask = () => latency.measure(() => sql`select 1`.execute(db));
    const ping = async () => void (await Promise.all([ask(), log.call([])]));
    const eraser = new Eraser(writing);
    const eraseDeleted = () => otherLine.run(() => eraser.run());
    return {
      dialect: "sqlite",
      epoch,
      onEpochChanged: () => {},
      db,
      log: channelLog(db, writes),
      search: search.db,
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
