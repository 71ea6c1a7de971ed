import { sql } from "kysely";
import type { Store } from "../contract.ts";

/** The names of all columns by table, as they are in the database; `leadsTo`: the table of a foreign key. */
export async function schemaOf({
  db,
  dialect,
}: Store): Promise<Map<string, { name: string; leadsTo: string | null }[]>> {
  const columns =
    dialect === "sqlite"
      ? sql<Column>`select m.name as "table", c.name, f."table" as leads_to from sqlite_master m
          join pragma_table_info(m.name) c left join pragma_foreign_key_list(m.name) f on f."from" = c.name
          where m.type = 'table' and m.name not like 'sqlite_%'`
      : sql<Column>`select c.table_name as "table", c.column_name as name, f.leads_to from information_schema.columns c
          left join (select k.conrelid::regclass::text as source, a.attname as name,
            k.confrelid::regclass::text as leads_to from pg_constraint k
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1] where k.contype = 'f') f
          on f.source = c.table_name and f.name = c.column_name where c.table_schema = current_schema()`;
  const { rows } = await columns.execute(db);
  const byTable = Map.groupBy(rows, (row) => row.table);
  return new Map(
    [...byTable].map(([table, all]) => [table, all.map(({ name, leads_to }) => ({ name, leadsTo: leads_to }))]),
  );
}

interface Column {
  table: string;
  name: string;
  leads_to: string | null;
}
