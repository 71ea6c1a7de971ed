import type { Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Rules for what may be written in a server, and what members wrote last where a rule counts repeats. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("automod_rules")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("enabled", "integer", (c) => c.notNull())
    .addColumn("fields", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("automod_rules_server").on("automod_rules").column("server_id").execute();
  await db.schema
    .createTable("automod_sends")
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("sends", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("automod_sends_key", ["server_id", "user_id"])
    .execute();
  await db.schema
    .alterTable("servers")
    .addColumn("automod_version", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
}
