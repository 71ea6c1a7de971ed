import type { DatabaseSync } from "node:sqlite";
import type pg from "pg";
import { storable } from "../../storable.ts";
import { quoted, type Table } from "./catalogue.ts";
import type { Value } from "./checksums.ts";

/** Rows that cross at once; a message has at most some kilobytes. */
const rowsAtOnce = 500;

/** Notes of the store itself that belong to this database and are not copied. */
const ownKeys: ReadonlySet<Value> = new Set(["origin"]);

/** The table's rows from the embedded database, without loading all of them; text as PostgreSQL can store it. */
export function* sourceRows(source: DatabaseSync, table: Table): Generator<Value[]> {
  // By row id, so that a message comes after the one that it answers.
  const statement = source.prepare(`select ${quoted(table.columns)} from "${table.name}" order by rowid`);
  statement.setReturnArrays(true);
  for (const row of statement.iterate() as unknown as Iterable<Value[]>) {
    yield row.map((value) => (typeof value === "string" ? storable(value) : value));
  }
}

/** The table's rows from PostgreSQL, without loading all of them. Must run inside a transaction. */
export async function* targetRows(client: pg.Client, table: Table): AsyncGenerator<Value[]> {
  await client.query(`declare rows no scroll cursor for select ${quoted(table.columns)} from "${table.name}"`);
  for (;;) {
    const { rows } = await client.query<Value[]>({ text: `fetch ${rowsAtOnce} from rows`, rowMode: "array" });
    for (const row of rows) if (!isOwn(table, row)) yield row;
    if (rows.length < rowsAtOnce) break;
  }
  await client.query("close rows");
}

/** Inserts rows with the ids that they have; resolves when all are stored. */
export async function insertRows(client: pg.Client, table: Table, rows: Iterable<Value[]>): Promise<void> {
  const arrays = table.columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(", ");
  const text = `insert into "${table.name}" (${quoted(table.columns)}) overriding system value select * from unnest(${arrays})`;
  let portion: Value[][] = [];
  const flush = async () => {
    if (portion.length === 0) return;
    const values = table.columns.map((_, index) => portion.map((row) => row[index]));
    portion = [];
    await client.query(text, values);
  };
  for (const row of rows) {
    portion.push(row);
    if (portion.length === rowsAtOnce) await flush();
  }
  await flush();
}

function isOwn(table: Table, row: readonly Value[]): boolean {
  return table.name === "meta" && ownKeys.has(row[table.columns.findIndex(({ name }) => name === "key")] ?? null);
}
