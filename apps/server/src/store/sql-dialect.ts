import {
  PostgresAdapter,
  sql,
  type ColumnDataType,
  type ColumnDefinitionBuilder,
  type Kysely,
  type RawBuilder,
  type Transaction,
} from "kysely";

/** Database whose SQL is spoken. SQL that differs between databases is in this file or in the database's folder. */
export type SqlDialect = "sqlite" | "postgres";

export function dialectOf<Schema>(db: Kysely<Schema>): SqlDialect {
  return db.getExecutor().adapter instanceof PostgresAdapter ? "postgres" : "sqlite";
}

export type DatabaseFault = "unique" | "foreign_key" | "other";

/** A statement failed in the database; the fault is the same for all databases. */
export class DatabaseError extends Error {
  readonly fault: DatabaseFault;

  constructor(fault: DatabaseFault, message: string) {
    super(message);
    this.name = "DatabaseError";
    this.fault = fault;
  }
}

/** Portable code must end its transaction after this error, because PostgreSQL aborts it. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof DatabaseError && error.fault === "unique";
}

type Column = [
  type: ColumnDataType | RawBuilder<unknown>,
  build: (c: ColumnDefinitionBuilder) => ColumnDefinitionBuilder,
];

/** Type and constraints of a primary key that the database increments and never reuses. */
export function autoId(dialect: SqlDialect): Column {
  if (dialect === "sqlite") return ["integer", (c) => c.primaryKey().autoIncrement()];
  return [sql`bigint`, (c) => c.primaryKey().generatedAlwaysAsIdentity()];
}

/** Keeps a second process from migrating at the same time. In SQLite the write transaction is that lock already. */
export async function lockMigrations<Tables>(trx: Transaction<Tables>, dialect: SqlDialect): Promise<void> {
  if (dialect === "postgres") await sql`select pg_advisory_xact_lock(7301)`.execute(trx);
}
