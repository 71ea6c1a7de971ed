import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Reports of messages and people, with their evidence: no foreign key leads to what may be gone. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("reports")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.references("servers.id").onDelete("cascade"))
    .addColumn("for_instance", "integer", (c) => c.notNull())
    .addColumn("reporter_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("subject", "text", (c) => c.notNull())
    .addColumn("message_id", "bigint")
    .addColumn("channel_id", "bigint")
    .addColumn("restricted", "integer", (c) => c.notNull())
    .addColumn("evidence", "text")
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("notify", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("claimed_by", "bigint", (c) => c.references("users.id"))
    .addColumn("closed_by", "bigint", (c) => c.references("users.id"))
    .addColumn("closed_at", "bigint")
    .addColumn("outcome", "text")
    .addColumn("note", "text")
    .execute();
  await db.schema.createIndex("reports_server").on("reports").columns(["server_id", "id"]).execute();
  await sql`create index reports_closed on reports (closed_at) where closed_at is not null`.execute(db);
  await sql`create unique index reports_open on reports (reporter_id, subject)
    where closed_at is null`.execute(db);
}
