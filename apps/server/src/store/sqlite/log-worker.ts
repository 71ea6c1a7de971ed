import { workerData } from "node:worker_threads";
import type { LogCommand, LogOutcome } from "../contract.ts";
import { runBatch } from "../log/decide.ts";
import { openConnection } from "./connection.ts";
import { logStatements } from "./log-statements.ts";
import { serveRequests } from "./worker-reply.ts";

export interface LogWorkerData {
  file: string;
}

const db = openConnection((workerData as LogWorkerData).file, "write");
const statements = logStatements(db);
const begin = db.prepare("begin immediate");
const commit = db.prepare("commit");

/** Commits each request in one transaction; when it is answered, the outcomes are on the disk. */
serveRequests(
  async (commands: readonly LogCommand[]): Promise<LogOutcome[]> => {
    begin.run();
    try {
      const outcomes = await runBatch(statements, commands);
      commit.run();
      return outcomes;
    } catch (error) {
      // SQLite rolls some transactions back by itself (disk full).
      if (db.isTransaction) db.exec("rollback");
      throw error;
    }
  },
  () => db.close(),
);
