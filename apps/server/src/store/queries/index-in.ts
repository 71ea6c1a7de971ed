import { sql, type RawBuilder } from "kysely";

/**
 * The place of a column's id in the list, for one statement that orders all of its rows: a statement for each would keep the
 * other writers waiting for as long as the list is.
 */
export function indexIn(ids: readonly number[], column: string): RawBuilder<number> {
  const cases = ids.map((id, index) => sql`when ${sql.lit(id)} then ${sql.lit(index)}`);
  return sql<number>`case ${sql.ref(column)} ${sql.join(cases, sql` `)} end`;
}
