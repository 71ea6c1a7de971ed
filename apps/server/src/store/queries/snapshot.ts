import type { Kysely, Transaction } from "kysely";
import type { Tables } from "../schema.ts";

/** Several reads of one moment. */
export function snapshot<T>(db: Kysely<Tables>, read: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().setAccessMode("read only").setIsolationLevel("repeatable read").execute(read);
}
