import type { Kysely } from "kysely";

/** Of a message that notifies thousands, the notification of one of them is looked up for each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex("notifications_message").execute();
  await db.schema.createIndex("notifications_message").on("notifications").columns(["message_id", "user_id"]).execute();
}
