import { sql, type Expression, type RawBuilder } from "kysely";
import type { SqlDialect } from "./sql-dialect.ts";

/** Whether the column is one of the numbers, with one parameter, so that statements of any count have the same text. */
export function among(
  dialect: SqlDialect,
  column: Expression<number | null>,
  values: readonly number[],
): RawBuilder<boolean> {
  return dialect === "sqlite"
    ? sql<boolean>`${column} in (select value from json_each(${JSON.stringify(values)}))`
    : sql<boolean>`${column} = any(${values}::bigint[])`;
}
