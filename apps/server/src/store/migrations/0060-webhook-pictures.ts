import type { Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Pictures under which webhooks write. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema.alterTable("webhooks").addColumn("picture", "text").execute();
  await db.schema
    .createTable("webhook_pictures")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("webhook_id", "bigint", (c) => c.notNull())
    .addColumn("digest", "text", (c) => c.notNull())
    .addColumn("picture", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  const keys = ["webhook_id", "digest"];
  await db.schema.createIndex("webhook_pictures_key").on("webhook_pictures").columns(keys).unique().execute();
  await db.schema.createIndex("webhook_pictures_server").on("webhook_pictures").column("server_id").execute();
}
