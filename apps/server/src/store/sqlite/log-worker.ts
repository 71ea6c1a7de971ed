import { workerData } from "node:worker_threads";
import type { LogCommand, LogOutcome } from "../contract.ts";
import { runBatch } from "../log/decide.ts";
import { openConnection } from "./connection.ts";
import { logStatements } from "./log-statements.ts";
import { Queries } from "./queries.ts";
import type { QueryReply, QueryRequest } from "./query-protocol.ts";
import { serveRequests } from "./worker-reply.ts";

export interface LogWorkerData {
  file: string;
}

/** Commands of the log, or a statement of the other writers, of whom one at a time writes: a second thread would only wait. */
export type WriteRequest = readonly LogCommand[] | QueryRequest;
export type WriteReply = LogOutcome[] | QueryReply;

const { file } = workerData as LogWorkerData;
const queries = new Queries([{ file, access: "write" }]);
let opened: ReturnType<typeof openLog> | null = null;

serveRequests(
  (request: WriteRequest): Promise<LogOutcome[]> | QueryReply =>
    isBatch(request) ? (opened ??= openLog()).commit(request) : queries.run(request),
  () => {
    opened?.db.close();
    queries.close();
  },
);

function isBatch(request: WriteRequest): request is readonly LogCommand[] {
  return Array.isArray(request);
}

/** Its statements are compiled at once, so the first batch comes after the migrations. */
function openLog() {
  const db = openConnection(file, "write");
  const statements = logStatements(db);
  const begin = db.prepare("begin immediate");
  const end = db.prepare("commit");
  /** Commits the commands in one transaction; then the outcomes are on the disk. */
  const commit = async (commands: readonly LogCommand[]): Promise<LogOutcome[]> => {
    begin.run();
    try {
      const outcomes = await runBatch(statements, commands);
      end.run();
      return outcomes;
    } catch (error) {
      // SQLite rolls some transactions back by itself (disk full).
      if (db.isTransaction) db.exec("rollback");
      throw error;
    }
  };
  return { db, commit };
}
