import type { Kysely } from "kysely";

/** Topics and slow mode of channels. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("channels")
    .addColumn("topic", "text", (c) => c.notNull().defaultTo(""))
    .execute();
  await db.schema
    .alterTable("channels")
    .addColumn("slow_mode_s", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable("last_sends")
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("sent_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("last_sends_key", ["channel_id", "user_id"])
    .execute();
}
