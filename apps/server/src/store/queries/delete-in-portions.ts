import { sql, type Kysely, type RawBuilder } from "kysely";
import { among } from "../among.ts";
import { dialectOf } from "../sql-dialect.ts";
import type { Tables } from "../schema.ts";

const rowsAtOnce = 1_000;

/**
 * Deletes the rows for which the condition holds, a thousand at a time, so that other writers run in between: one statement for
 * all of them holds everybody up for as long as that takes. Not to be called in a transaction.
 */
export async function deleteInPortions(
  db: Kysely<Tables>,
  table: keyof Tables,
  where: RawBuilder<boolean>,
): Promise<void> {
  const portion = sql`delete from ${sql.table(table)} where ${isInPortion(db, table, where)}`;
  while (Number((await portion.execute(db)).numAffectedRows ?? 0) > 0);
}

/** Puts `to` in the place of `from` where the condition holds, in the same way. Resolves with the number of rows. */
export async function replaceInPortions(
  db: Kysely<Tables>,
  { table, column }: { table: keyof Tables; column: string },
  { from, to }: { from: number; to: number },
  where = sql<boolean>`true`,
): Promise<number> {
  const isOne = isInPortion(db, table, sql<boolean>`${sql.ref(column)} = ${from} and ${where}`);
  const portion = sql`update ${sql.table(table)} set ${sql.ref(column)} = ${to} where ${isOne}`;
  let all = 0;
  for (;;) {
    const replaced = Number((await portion.execute(db)).numAffectedRows ?? 0);
    if (replaced === 0) return all;
    all += replaced;
  }
}

function isInPortion(db: Kysely<Tables>, table: keyof Tables, where: RawBuilder<boolean>): RawBuilder<unknown> {
  const from = sql`from ${sql.table(table)} where ${where} limit ${sql.lit(rowsAtOnce)}`;
  if (dialectOf(db) === "sqlite") return sql`rowid in (select rowid ${from})`;
  return sql`ctid = any(array(select ctid ${from}))`;
}

/** For those who delete the messages. */
export async function deleteNotificationsOf(db: Kysely<Tables>, messageIds: readonly number[]): Promise<void> {
  if (messageIds.length === 0) return;
  await deleteInPortions(db, "notifications", among(db, sql.ref<number>("message_id"), messageIds));
}

/** What a server has gathered, before it is deleted itself; but for its invitations, since whoever has one is told of its end. */
export async function deleteGathered(db: Kysely<Tables>, serverId: number): Promise<void> {
  for (const table of ["audit_log", "reports", "member_roles"] as const) {
    await deleteInPortions(db, table, sql<boolean>`server_id = ${serverId}`);
  }
  await deleteInPortions(db, "notifications", sql<boolean>`server_id = ${serverId} and kind <> 'invite'`);
}
