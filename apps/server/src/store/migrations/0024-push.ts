import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Web Push: subscriptions of browsers, and the outbox of what is pushed to them. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("push_subscriptions")
    .addColumn("id", ...autoId(dialect))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("session_id", "text", (c) => c.notNull().unique().references("sessions.id").onDelete("cascade"))
    .addColumn("endpoint", "text", (c) => c.notNull().unique())
    .addColumn("p256dh", "text", (c) => c.notNull())
    .addColumn("auth", "text", (c) => c.notNull())
    .addColumn("locale", "text", (c) => c.notNull())
    .addColumn("with_text", "integer", (c) => c.notNull())
    .addColumn("kinds", "text", (c) => c.notNull())
    .addColumn("is_mobile", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("succeeded_at", "bigint")
    .addColumn("failures", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("last_status", "integer")
    .addColumn("failing_since", "bigint")
    .execute();
  await db.schema.createIndex("push_subscriptions_user").on("push_subscriptions").column("user_id").execute();
  await db.schema
    .createTable("pushes")
    .addColumn("id", ...autoId(dialect))
    .addColumn("subscription_id", "bigint", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.notNull())
    .addColumn("channel_id", "bigint")
    .addColumn("message_id", "bigint")
    .addColumn("notification_id", "bigint")
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("due_at", "bigint")
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await sql`create index pushes_due on pushes (due_at) where due_at is not null`.execute(db);
  await db.schema.createIndex("pushes_subscription").on("pushes").column("subscription_id").execute();
  await db.schema.createIndex("pushes_user").on("pushes").columns(["user_id", "channel_id"]).execute();
  await db.schema.createIndex("pushes_message").on("pushes").column("message_id").execute();
}
