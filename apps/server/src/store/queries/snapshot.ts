import type { Kysely, Transaction } from "kysely";
import type { Tables } from "../schema.ts";

/** Runs several reads in one read-only transaction, so that they see one snapshot. */
export function snapshot<T>(db: Kysely<Tables>, read: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().setAccessMode("read only").setIsolationLevel("repeatable read").execute(read);
}
