import type { DatabaseSync } from "node:sqlite";
import type pg from "pg";
import { OperatorError } from "../../../errors.ts";
import { lockIds } from "../locks.ts";
import { tablesOf, type Table } from "./catalogue.ts";
import { Checksums } from "./checksums.ts";
import { insertRows, sourceRows, targetRows } from "./rows.ts";

export interface Import {
  /** The embedded database, in a read transaction. */
  source: DatabaseSync;
  /** A migrated database, of the same version. */
  client: pg.Client;
  report: (line: string) => void;
}

export interface Imported {
  /** False: the same data was there already. */
  isNew: boolean;
  rows: ReadonlyMap<string, number>;
}

/**
 * Copies all rows in one transaction, so that an interrupted import leaves nothing behind, and compares what PostgreSQL
 * has with what was read before it commits. Throws an OperatorError when the database holds other data, or when the
 * comparison finds a difference.
 */
export async function importSqlite({ source, client, report }: Import): Promise<Imported> {
  await client.query("begin");
  try {
    await client.query("set local idle_in_transaction_session_timeout = 0");
    await client.query(`select pg_advisory_xact_lock(${lockIds.writes})`);
    // Each database has its own record of when it was migrated.
    const tables = (await tablesOf(client)).filter(({ name }) => name !== "migrations");
    const isNew = await isEmpty(client, tables);
    if (!isNew) await requireSameEpoch(source, client);
    const read = isNew ? await copy({ source, client, report }, tables) : checksumsOf(source, tables);
    report("Comparing …");
    const difference = read.difference(await checksumsIn(client, tables));
    if (difference !== null) throw differs(isNew, difference);
    await client.query("commit");
    return { isNew, rows: new Map(tables.map((table) => [table.name, read.rowsOf(table)])) };
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

/** What a migration creates does not count: notes in `meta`. */
async function isEmpty(client: pg.Client, tables: readonly Table[]): Promise<boolean> {
  for (const { name } of tables) {
    if (name === "meta") continue;
    const { rows } = await client.query(`select 1 from "${name}" limit 1`);
    if (rows.length > 0) return false;
  }
  return true;
}

async function requireSameEpoch(source: DatabaseSync, client: pg.Client): Promise<void> {
  const text = "select value from meta where key = 'epoch'";
  const { rows } = await client.query<{ value: string }>(text);
  if (rows[0]?.value === source.prepare(text).get()?.["value"]) return;
  throw new OperatorError("The database of DATABASE_URL holds the data of another instance. Name an empty one.");
}

async function copy({ source, client, report }: Import, tables: readonly Table[]): Promise<Checksums> {
  const checksums = new Checksums();
  await client.query("delete from meta where key <> 'origin'");
  for (const table of tables) {
    report(`Copying ${table.name} …`);
    await insertRows(client, table, counted(source, table, checksums));
    if (table.hasGeneratedId) await continueIds(source, client, table);
  }
  return checksums;
}

function* counted(source: DatabaseSync, table: Table, checksums: Checksums) {
  for (const row of sourceRows(source, table)) {
    checksums.add(table, row);
    yield row;
  }
}

/** New ids come after the highest that was ever given, also to a row that was deleted since. */
async function continueIds(source: DatabaseSync, client: pg.Client, { name }: Table): Promise<void> {
  const row = source.prepare("select seq from sqlite_sequence where name = ?").get(name);
  const last = Number(row?.["seq"] ?? 0);
  const sequence = "pg_get_serial_sequence($1, 'id')";
  await client.query(`select setval(${sequence}, greatest($2::bigint, 1), $2::bigint > 0)`, [name, last]);
}

function checksumsOf(source: DatabaseSync, tables: readonly Table[]): Checksums {
  const checksums = new Checksums();
  for (const table of tables) for (const row of sourceRows(source, table)) checksums.add(table, row);
  return checksums;
}

async function checksumsIn(client: pg.Client, tables: readonly Table[]): Promise<Checksums> {
  const checksums = new Checksums();
  for (const table of tables) for await (const row of targetRows(client, table)) checksums.add(table, row);
  return checksums;
}

function differs(isNew: boolean, difference: string): OperatorError {
  if (isNew) return new OperatorError(`The copy differs from its source, so nothing was kept (${difference}).`);
  return new OperatorError(
    `The database of DATABASE_URL holds this instance's data, but not as it is in the folder (${difference}): ` +
      "it has been used since it was moved. Name an empty one to move again.",
  );
}
