import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Tables } from "../schema.ts";

const rowsAtOnce = 1_000;

/** Of tables whose rows go with others in numbers that anybody may have made large. */
const keys = {
  audit_log: ["id"],
  ballots: ["message_id", "user_id"],
  member_roles: ["server_id", "user_id", "role_id"],
  mentions: ["message_id", "user_id"],
  notifications: ["id"],
  reactions: ["message_id", "emoji", "user_id"],
  read_states: ["user_id", "channel_id"],
  reports: ["id"],
  saved_messages: ["user_id", "message_id"],
} as const satisfies Partial<Record<keyof Tables, readonly string[]>>;

/**
 * Deletes the rows for which the condition holds, a thousand at a time, so that other writers run in between: a row that takes all
 * of them with it holds everybody up for as long as that takes. Not to be called in a transaction.
 */
export async function deleteInPortions(
  db: Kysely<Tables>,
  table: keyof typeof keys,
  where: RawBuilder<boolean>,
): Promise<void> {
  const key = sql.join(keys[table].map((name) => sql.ref(name)));
  const some = sql`select ${key} from ${sql.table(table)} where ${where} limit ${sql.lit(rowsAtOnce)}`;
  const portion = sql`delete from ${sql.table(table)} where ${where} and (${key}) in (${some})`;
  let deleted = rowsAtOnce;
  while (deleted === rowsAtOnce) deleted = Number((await portion.execute(db)).numAffectedRows ?? 0);
}

/** What a server has gathered, before it is deleted itself. */
export async function deleteGathered(db: Kysely<Tables>, serverId: number): Promise<void> {
  for (const table of ["audit_log", "notifications", "reports", "member_roles"] as const) {
    await deleteInPortions(db, table, sql<boolean>`server_id = ${serverId}`);
  }
}
