import type { Kysely } from "kysely";

/** What users chose to be notified of, by account, server and channel. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("notification_levels")
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("scope", "text", (c) => c.notNull())
    .addColumn("server_id", "bigint", (c) => c.references("servers.id").onDelete("cascade"))
    .addColumn("channel_id", "bigint", (c) => c.references("channels.id").onDelete("cascade"))
    .addColumn("level", "text")
    .addColumn("muted_until", "bigint")
    .addColumn("suppress_everyone", "integer")
    .addPrimaryKeyConstraint("notification_levels_key", ["user_id", "scope"])
    .execute();
  // For the cascades.
  await db.schema.createIndex("notification_levels_server").on("notification_levels").column("server_id").execute();
  await db.schema.createIndex("notification_levels_channel").on("notification_levels").column("channel_id").execute();
}
