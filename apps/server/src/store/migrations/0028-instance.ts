import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** What administrators set while the server runs, what they did, and accounts that wait for them. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("instance_settings")
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("value", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("instance_log")
    .addColumn("id", ...autoId(dialect))
    .addColumn("actor_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("action", "text", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.references("users.id"))
    .addColumn("changes", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("instance_log_created").on("instance_log").column("created_at").execute();
  await db.schema
    .createTable("applications")
    .addColumn("user_id", "bigint", (c) => c.primaryKey().references("users.id").onDelete("cascade"))
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("note", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("applications_state").on("applications").columns(["state", "user_id"]).execute();
  await forbidUpdates(db, dialect);
}

async function forbidUpdates(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  if (dialect === "sqlite") {
    await sql`create trigger instance_log_is_final before update on instance_log
      begin select raise(abort, 'The log of the instance cannot be changed.'); end`.execute(db);
    return;
  }
  // The function came with the audit log.
  await sql`create trigger instance_log_is_final before update on instance_log
    for each statement execute function refuse_change()`.execute(db);
}
