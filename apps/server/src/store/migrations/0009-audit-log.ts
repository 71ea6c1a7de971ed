import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** What those who run a server did in it. Triggers keep it from being rewritten. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("audit_log")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("actor_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("action", "text", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.references("users.id"))
    .addColumn("channel_id", "bigint")
    .addColumn("role_id", "bigint")
    .addColumn("subject", "text")
    .addColumn("restricted", "integer", (c) => c.notNull())
    .addColumn("reason", "text")
    .addColumn("changes", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("audit_log_server").on("audit_log").columns(["server_id", "id"]).execute();
  await db.schema.createIndex("audit_log_created").on("audit_log").column("created_at").execute();
  await sql`create index audit_log_channel on audit_log (channel_id) where channel_id is not null`.execute(db);
  await forbidUpdates(db, dialect);
}

async function forbidUpdates(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  if (dialect === "sqlite") {
    await sql`create trigger audit_log_is_final before update on audit_log
      begin select raise(abort, 'The audit log cannot be changed.'); end`.execute(db);
    return;
  }
  await sql`create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'The audit log cannot be changed.'; end $$`.execute(db);
  await sql`create trigger audit_log_is_final before update on audit_log
    for each statement execute function refuse_change()`.execute(db);
}
