import { sql, type ColumnDataType, type ColumnDefinitionBuilder, type RawBuilder, type Transaction } from "kysely";

/** Every word of SQL that differs between databases stands in this file or in the dialect's folder. */
export type SqlDialect = "sqlite" | "postgres";

export type DatabaseFault = "unique" | "foreign_key" | "other";

/** A statement that the database refused, whatever the dialect. */
export class DatabaseError extends Error {
  readonly fault: DatabaseFault;

  constructor(fault: DatabaseFault, message: string) {
    super(message);
    this.name = "DatabaseError";
    this.fault = fault;
  }
}

/** Portable code ends its transaction after such a refusal: PostgreSQL does so by itself. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof DatabaseError && error.fault === "unique";
}

type Column = [
  type: ColumnDataType | RawBuilder<unknown>,
  build: (c: ColumnDefinitionBuilder) => ColumnDefinitionBuilder,
];

/** A key that the database counts up and never gives out twice. */
export function autoId(dialect: SqlDialect): Column {
  if (dialect === "sqlite") return ["integer", (c) => c.primaryKey().autoIncrement()];
  return [sql`bigint`, (c) => c.primaryKey().generatedAlwaysAsIdentity()];
}

/** Keeps a second process from migrating at the same time. SQLite's write transaction is such a lock already. */
export async function lockMigrations<Tables>(trx: Transaction<Tables>, dialect: SqlDialect): Promise<void> {
  if (dialect === "postgres") await sql`select pg_advisory_xact_lock(7301)`.execute(trx);
}
