import type { DataKind } from "@miscord/protocol";
import type { Tables } from "./schema.ts";

/**
 * A column that says whose the row is. `erased`: the row goes with the account. `nameless`: it stays, and leads to an
 * account without a name. `chosen`: either, as the user wishes. `export`: the rows are in the user's copy, in the order of
 * these columns, with what is `shown`; what is `hidden` are secrets, and what is nobody else's business.
 */
export interface PersonalColumn {
  table: keyof Tables;
  column: string;
  kind: DataKind;
  onDeletion: "erased" | "nameless" | "chosen";
  export?: { by: readonly string[]; shown: readonly string[]; hidden?: readonly string[]; as?: string };
}

type Columns<Table extends keyof Tables> = readonly (keyof Tables[Table] & string)[];

/** Declares a column of a table. */
export function of<Table extends keyof Tables>(
  kind: DataKind,
  table: Table,
  column: keyof Tables[Table] & string,
  onDeletion: PersonalColumn["onDeletion"],
  exported?: { by: Columns<Table>; shown: Columns<Table>; hidden?: Columns<Table>; as?: string },
): PersonalColumn {
  return { kind, table, column, onDeletion, ...(exported && { export: exported }) };
}
