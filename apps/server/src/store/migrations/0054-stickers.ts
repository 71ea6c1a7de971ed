import type { Kysely } from "kysely";

/** Stickers of servers, with ids chosen at random as those of emoji, and which sticker a message is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("stickers")
    .addColumn("id", "bigint", (c) => c.primaryKey())
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("picture_id", "text", (c) => c.notNull())
    .addColumn("animated", "integer", (c) => c.notNull())
    .addColumn("aliases", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("stickers_name").on("stickers").columns(["server_id", "name"]).unique().execute();
  await db.schema.alterTable("messages").addColumn("sticker", "text").execute();
}
