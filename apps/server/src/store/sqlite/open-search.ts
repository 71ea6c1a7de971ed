import { Kysely } from "kysely";
import { systemClock, type Clock } from "../../clock.ts";
import { Lines } from "../../concurrency/lines.ts";
import { AppError } from "../../errors.ts";
import type { IndexSteps } from "../indexing/index-steps.ts";
import type { Tables } from "../schema.ts";
import { searchFileOf } from "../search/search-file.ts";
import type { SearchDb, SearchTables } from "../search/tables.ts";
import { sqliteDialect } from "./kysely-dialect.ts";
import { OccasionalThread } from "./occasional-thread.ts";
import type { QueriedDatabase, QueryReply, QueryRequest, QueryThread } from "./query-protocol.ts";
import { searchDatabases, type SearchReply, type SearchRequest } from "./search-protocol.ts";
import { SearchesFirst } from "./searches-first.ts";
import { threadSteps } from "./thread-steps.ts";
import { WorkerLink } from "./worker-link.ts";
import { ThreadWriter, type SqliteWriter } from "./writer.ts";

interface SearchOptions {
  /** Of the database; the index's file is beside it. */
  file: string;
  /** Null: another process writes the index. */
  clock: Clock | null;
  onFailure: (error: Error) => void;
  /** A thread that has `indexToLookAt` among its databases, and what it does for that. */
  shared: QueryThread;
}

interface Search {
  db: SearchDb;
  state: SearchDb;
  steps: IndexSteps;
  /** Resolves when the file is prepared; rejects when it cannot be opened. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const searchScript = new URL("./search-worker.ts", import.meta.url);

/** The index for a thread that looks how far it is. Where this process writes it, the thread also prepares the file. */
export function indexToLookAt(file: string, isWritten: boolean): QueriedDatabase {
  return { file: searchFileOf(file), access: "read", attached: file, isSearchIndex: isWritten };
}

/**
 * Opens the index's file with a thread of its own: a search delays neither other reads nor a send. The writing connection
 * has the index alone, because a write transaction locks every file that its connection has. The thread also reads, stems
 * and writes by itself what is indexed: a search waits for one step of that, a few milliseconds. It runs while people search
 * or there is something to index. Otherwise the shared thread looks whether there is, and prepares the file: on the main
 * thread, waiting for a lock would hold up the very process that has to release it.
 */
export function openSearch({ file, clock, onFailure, shared }: SearchOptions): Search {
  const index = searchFileOf(file);
  const read: QueriedDatabase = { file: index, access: "read", attached: file };
  const written: QueriedDatabase = { file: index, access: "write", mayLoseCommits: true };
  const data = clock ? [read, written] : [read];
  const thread = new OccasionalThread(
    () => new WorkerLink<SearchRequest, SearchReply>(searchScript, data, onFailure),
    clock ?? systemClock,
  );
  const query = (request: QueryRequest) => thread.need().call(request) as Promise<QueryReply>;
  const searches = new SearchesFirst({ call: query }, clock ?? systemClock);
  const looking: QueryThread = {
    call: (request) => (thread.running ?? shared).call(request) as Promise<QueryReply>,
  };
  const writing: QueryThread = { call: (request) => query({ ...request, database: searchDatabases.written }) };
  const line = new Lines().open();
  const writer = clock ? new ThreadWriter(writing, line, clock) : refusingWriter;
  const open = (of: QueryThread, by: SqliteWriter) =>
    new Kysely<Tables & SearchTables>({ dialect: sqliteDialect({ reader: of, writer: by }) });
  const db = open(searches, writer);
  const state = open(looking, refusingWriter);
  return {
    db,
    state,
    steps: clock ? threadSteps({ thread, line, state, searches }) : refusingSteps,
    ready: async () => void (await shared.call({ slot: 0, sql: "select 1", parameters: [] })),
    async close() {
      await Promise.all([db.destroy(), state.destroy()]);
      await thread.close();
    },
  };
}

const refuse = () => Promise.reject(new AppError("unavailable", "The search index is not written here."));
const refusingWriter: SqliteWriter = { run: refuse, begin: refuse };
const refusingSteps: IndexSteps = { reset: refuse, look: refuse, follow: refuse, rebuild: refuse };
