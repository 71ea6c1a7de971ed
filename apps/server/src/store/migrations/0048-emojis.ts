import type { Kysely } from "kysely";

/** Emoji of servers. Their ids are chosen at random: whoever knows one may fetch the picture. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("emojis")
    .addColumn("id", "bigint", (c) => c.primaryKey())
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("picture_id", "text", (c) => c.notNull())
    .addColumn("animated", "integer", (c) => c.notNull())
    .addColumn("aliases", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("emojis_name").on("emojis").columns(["server_id", "name"]).unique().execute();
}
