import { DatabaseSync } from "node:sqlite";

/** How long a statement waits for a lock held by another process, such as an administration command. */
export const busyTimeoutMs = 10_000;

/**
 * Opens a connection set up for durability: in WAL mode with full sync a commit is on the disk when it returns, and
 * readers neither block the writer nor wait for it. `read` connections cannot write.
 */
export function openConnection(file: string, access: "read" | "write"): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  db.exec("pragma temp_store = memory");
  if (access === "read") {
    db.exec("pragma query_only = on");
    return db;
  }
  // Set by writers only: the first change to WAL mode persists, and two connections that try it at once would fail.
  db.exec("pragma journal_mode = wal");
  db.exec("pragma synchronous = full");
  // Overwrites deleted rows and replaced texts with zeros. Sends, which delete nothing, showed no difference in a test.
  db.exec("pragma secure_delete = on");
  // Truncates the log file after a checkpoint, so that a burst of writes does not occupy the disk forever.
  db.exec(`pragma journal_size_limit = ${64 * 1024 * 1024}`);
  return db;
}
