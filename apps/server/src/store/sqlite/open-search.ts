import { Kysely } from "kysely";
import type { Clock } from "../../clock.ts";
import { Lines } from "../../concurrency/lines.ts";
import { AppError } from "../../errors.ts";
import type { Tables } from "../schema.ts";
import { searchFileOf } from "../search/search-file.ts";
import type { SearchDb, SearchTables } from "../search/tables.ts";
import { sqliteDialect } from "./kysely-dialect.ts";
import type { QueriedDatabase, QueryReply, QueryRequest, QueryThread } from "./query-protocol.ts";
import { WorkerLink } from "./worker-link.ts";
import { ThreadWriter, type SqliteWriter } from "./writer.ts";

interface SearchOptions {
  /** Of the database; the index's file is beside it. */
  file: string;
  /** Null: another process writes the index. */
  clock: Clock | null;
  onFailure: (error: Error) => void;
}

interface Search {
  db: SearchDb;
  /** Resolves when the file is prepared; rejects when it cannot be opened. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const queryScript = new URL("./query-worker.ts", import.meta.url);

/**
 * Opens the index's file with a thread of its own: a search delays neither other reads nor a send. The writing connection
 * has the index alone, because a write transaction locks every file that its connection has. The thread prepares the file:
 * on the main thread, waiting for a lock would hold up the very process that has to release it. Both connections share the
 * thread, as each costs 13 MB: a search waits for the part of a batch that is being indexed, a few milliseconds.
 */
export function openSearch({ file, clock, onFailure }: SearchOptions): Search {
  const index = searchFileOf(file);
  const read: QueriedDatabase = { file: index, access: "read", attached: file };
  const written: QueriedDatabase = { file: index, access: "write", mayLoseCommits: true, isSearchIndex: true };
  const data = clock ? [read, written] : [read];
  const reader = new WorkerLink<QueryRequest, QueryReply>(queryScript, data, onFailure);
  const writing: QueryThread = { call: (request) => reader.call({ ...request, database: 1 }) };
  const ready = clock ? writing.call({ slot: 0, sql: "select 1", parameters: [] }) : Promise.resolve();
  const writer = clock ? new ThreadWriter(writing, new Lines().open(), clock) : refusingWriter;
  const db = new Kysely<Tables & SearchTables>({ dialect: sqliteDialect({ reader, writer }) });
  return {
    db,
    ready: async () => void (await ready),
    async close() {
      await db.destroy();
      await reader.close();
    },
  };
}

const refuse = () => Promise.reject(new AppError("unavailable", "Another process writes the search index."));
const refusingWriter: SqliteWriter = { run: refuse, begin: refuse };
