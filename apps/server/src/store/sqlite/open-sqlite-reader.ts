import { Kysely, sql } from "kysely";
import { channelLog } from "../channel-log.ts";
import type { ChannelLog, Store } from "../contract.ts";
import { QueryLatency } from "../query-latency.ts";
import type { Tables } from "../schema.ts";
import { sqliteDialect } from "./kysely-dialect.ts";
import { databaseOf, type QueriedDatabase, type QueryReply, type QueryRequest } from "./query-protocol.ts";
import { WorkerLink } from "./worker-link.ts";
import { indexToLookAt, openSearch } from "./open-search.ts";
import type { SqliteWriter } from "./writer.ts";

export interface SqliteReaderOptions {
  /** Path of a database that the process with the writer has opened and migrated. */
  file: string;
  epoch: string;
  /** Everything that writes, which happens in another process. */
  writer: SqliteWriter;
  writes: Pick<ChannelLog, "commit" | "onCommitted">;
  pingWriter: () => Promise<void>;
  eraseDeleted: () => Promise<boolean>;
  /** Called once when the reading thread dies. */
  onFailure: (error: Error) => void;
}

const queryScript = new URL("./query-worker.ts", import.meta.url);

/**
 * A store that reads the database file itself, on a thread of its own, and writes through another process. Its reads see
 * a write as soon as the other process has answered it: in WAL mode, every new read starts from the last commit.
 */
export function openSqliteReader(options: SqliteReaderOptions): Store {
  const { file, epoch, writer, writes, pingWriter, eraseDeleted, onFailure } = options;
  const data: readonly QueriedDatabase[] = [{ file, access: "read" }, indexToLookAt(file, false)];
  const reader = new WorkerLink<QueryRequest, QueryReply>(queryScript, data, onFailure);
  const db = new Kysely<Tables>({ dialect: sqliteDialect({ reader, writer }) });
  const search = openSearch({ file, onFailure, clock: null, shared: databaseOf(reader, 1) });
  const latency = new QueryLatency();
  const ask = () => latency.measure(() => sql`select 1`.execute(db));
  return {
    dialect: "sqlite",
    epoch,
    onEpochChanged: () => {},
    onInterrupted: () => {},
    erasesFiles: true,
    db,
    log: channelLog(db, writes),
    search: search.db,
    searchState: search.state,
    indexSteps: search.steps,
    ping: async () => void (await Promise.all([ask(), pingWriter()])),
    stats: () => ({ latencyMs: latency.latencyMs, pool: null, replication: null }),
    eraseDeleted,
    async close() {
      await search.close();
      await db.destroy();
      await reader.close();
    },
  };
}
