import { sql, type Expression, type Kysely, type RawBuilder } from "kysely";
import { dialectOf } from "./sql-dialect.ts";

/** Numbers as a text that the database reads, for `among` in a query that is compiled once. */
export function listOf<Schema>(db: Kysely<Schema>, numbers: readonly number[]): string {
  return dialectOf(db) === "sqlite" ? JSON.stringify(numbers) : `{${numbers.join()}}`;
}

/**
 * Whether the column is one of the numbers, or of those of a `listOf`: with one parameter, so that statements of any count
 * have the same text.
 */
export function among<Schema>(
  db: Kysely<Schema>,
  column: Expression<number | null>,
  numbers: readonly number[] | string,
): RawBuilder<boolean> {
  const list = Array.isArray(numbers) ? listOf(db, numbers) : numbers;
  return dialectOf(db) === "sqlite"
    ? sql<boolean>`${column} in (select value from json_each(${list}))`
    : sql<boolean>`${column} = any(cast(${list} as bigint[]))`;
}
