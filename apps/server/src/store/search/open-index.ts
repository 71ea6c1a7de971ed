import type { SqlDialect } from "../sql-dialect.ts";
import { postgresIndex } from "./postgres-index.ts";
import type { SearchIndex } from "./search-index.ts";
import { sqliteIndex } from "./sqlite-index.ts";
import type { SearchDb } from "./tables.ts";

export function searchIndex(search: SearchDb, dialect: SqlDialect): SearchIndex {
  return dialect === "sqlite" ? sqliteIndex(search) : postgresIndex(search);
}
