import { DatabaseSync } from "node:sqlite";

/** How long a statement waits for another process (the operator's commands) to let go of the database. */
const busyTimeoutMs = 10_000;

/**
 * One connection, set up for durability: in WAL mode with full sync a commit is on the disk when it returns,
 * and readers neither block the writer nor wait for it.
 */
export function openConnection(file: string, access: "read" | "write"): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  db.exec("pragma temp_store = memory");
  if (access === "read") {
    db.exec("pragma query_only = on");
    return db;
  }
  // The first connection ever changes the file for good; two that try at once would fail, and neither would wait.
  db.exec("pragma journal_mode = wal");
  db.exec("pragma synchronous = full");
  // The log file is cut back to this after a checkpoint; a burst must not keep the disk for good.
  db.exec(`pragma journal_size_limit = ${64 * 1024 * 1024}`);
  return db;
}
