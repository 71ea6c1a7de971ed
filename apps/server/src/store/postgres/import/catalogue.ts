import type pg from "pg";

export interface Column {
  name: string;
  /** As in a cast: `int8`, `int4`, `text`. */
  type: string;
}

export interface Table {
  name: string;
  columns: readonly Column[];
  /** Whether the database generates `id`. */
  hasGeneratedId: boolean;
}

/** The tables of the current schema, each after those that it refers to; without the search index, which is made anew. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const columns = await client.query<{
    table_name: string;
    column_name: string;
    udt_name: string;
    is_identity: string;
  }>(
    `select table_name, column_name, udt_name, is_identity from information_schema.columns
     where table_schema = current_schema() and table_name not like 'search\\_%' order by table_name, ordinal_position`,
  );
  const references = await client.query<{ child: string; parent: string }>(
    `select child.relname as child, parent.relname as parent from pg_constraint c
     join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid
     where c.contype = 'f' and c.connamespace = current_schema()::regnamespace and c.conrelid <> c.confrelid`,
  );
  const tables = [...Map.groupBy(columns.rows, (row) => row.table_name)].map(([name, rows]) => ({
    name,
    columns: rows.map((row) => ({ name: row.column_name, type: row.udt_name })),
    hasGeneratedId: rows.some((row) => row.is_identity === "YES"),
  }));
  return inOrder(tables, references.rows);
}

function inOrder(tables: readonly Table[], references: readonly { child: string; parent: string }[]): Table[] {
  const left = new Map(tables.map((table) => [table.name, table]));
  const sorted: Table[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter(
      ({ name }) => !references.some(({ child, parent }) => child === name && left.has(parent)),
    );
    if (ready.length === 0) throw new Error(`The tables ${[...left.keys()].join(", ")} refer to each other.`);
    sorted.push(...ready);
    for (const { name } of ready) left.delete(name);
  }
  return sorted;
}

export function quoted(columns: readonly Column[]): string {
  return columns.map(({ name }) => `"${name}"`).join(", ");
}
