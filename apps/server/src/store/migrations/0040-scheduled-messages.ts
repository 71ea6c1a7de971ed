import type { Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Messages that are sent later: an outbox, as that of mails. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("scheduled_messages")
    .addColumn("id", ...autoId(dialect))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("content", "text", (c) => c.notNull())
    .addColumn("reply_to_id", "bigint")
    .addColumn("poll", "text")
    .addColumn("send_at", "bigint", (c) => c.notNull())
    .addColumn("due_at", "bigint")
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("refused", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("scheduled_messages_due").on("scheduled_messages").column("due_at").execute();
  await db.schema.createIndex("scheduled_messages_user").on("scheduled_messages").column("user_id").execute();
  await db.schema.createIndex("scheduled_messages_channel").on("scheduled_messages").column("channel_id").execute();
}
