import { sql, type Kysely } from "kysely";

/** Partial indexes for frequent queries over growing tables: unread notifications and recently revoked sessions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex("notifications_unread")
    .on("notifications")
    .columns(["user_id", "channel_id"])
    .where(sql.ref("read_at"), "is", null)
    .execute();
  await db.schema
    .createIndex("sessions_revoked")
    .on("sessions")
    .column("revoked_at")
    .where(sql.ref("revoked_at"), "is not", null)
    .execute();
}
