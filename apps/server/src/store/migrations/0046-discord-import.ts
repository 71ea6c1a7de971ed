import type { Kysely } from "kysely";

/** What stands for things of Discord since an import, so that repeating it doubles nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("discord_items")
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("discord_id", "text", (c) => c.notNull())
    .addColumn("local_id", "bigint", (c) => c.notNull())
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("discord_items_key", ["kind", "discord_id"])
    .execute();
  await db.schema.createIndex("discord_items_server").on("discord_items").column("server_id").execute();
  await db.schema
    .createTable("discord_authors")
    .addColumn("discord_id", "text", (c) => c.primaryKey())
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("discord_authors_user").on("discord_authors").column("user_id").execute();
}
