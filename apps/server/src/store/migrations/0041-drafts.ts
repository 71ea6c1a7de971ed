import type { Kysely } from "kysely";

/** Drafts that follow their author from device to device. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("drafts")
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("text", "text", (c) => c.notNull())
    .addColumn("rev", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("drafts_key", ["user_id", "channel_id"])
    .execute();
  await db.schema.createIndex("drafts_channel").on("drafts").column("channel_id").execute();
}
