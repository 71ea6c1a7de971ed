import { sql, type Kysely } from "kysely";

/** Messages that people want to come back to, and when they want to be reminded. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("saved_messages")
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("message_id", "bigint", (c) => c.notNull().references("messages.id").onDelete("cascade"))
    .addColumn("saved_at", "bigint", (c) => c.notNull())
    .addColumn("remind_at", "bigint")
    .addColumn("reminded_at", "bigint")
    .addPrimaryKeyConstraint("saved_messages_key", ["user_id", "message_id"])
    .execute();
  await db.schema.createIndex("saved_messages_message").on("saved_messages").column("message_id").execute();
  await db.schema
    .createIndex("saved_messages_due")
    .on("saved_messages")
    .column("remind_at")
    .where(sql.ref("reminded_at"), "is", null)
    .execute();
}
