import type { Kysely } from "kysely";

/**
 * Programs that write into one channel. Each has a row of `users` that nobody can log in to, as the author of its messages;
 * a message keeps the name under which it was sent, and its embeds.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("users")
    .addColumn("program", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable("messages").addColumn("webhook", "text").execute();
  await db.schema
    .createTable("webhooks")
    .addColumn("id", "bigint", (c) => c.primaryKey().references("users.id").onDelete("cascade"))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("created_by", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("token_digest", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .execute();
  await db.schema.createIndex("webhooks_server").on("webhooks").column("server_id").execute();
  await db.schema.createIndex("webhooks_channel").on("webhooks").column("channel_id").execute();
  await db.schema.createIndex("webhooks_creator").on("webhooks").column("created_by").execute();
}
