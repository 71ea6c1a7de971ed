import { sql, type Kysely } from "kysely";

/** Calls in private channels, whom they ring, and the lines in the history that say how they ended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("messages").addColumn("call_ms", "bigint").execute();
  await db.schema
    .createTable("calls")
    .addColumn("channel_id", "bigint", (c) => c.primaryKey().references("channels.id").onDelete("cascade"))
    .addColumn("token", "text", (c) => c.notNull())
    .addColumn("caller_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("started_at", "bigint", (c) => c.notNull())
    .addColumn("answered_at", "bigint")
    .execute();
  await db.schema
    .createTable("rings")
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("caller_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("token", "text", (c) => c.notNull())
    .addColumn("ends_at", "bigint", (c) => c.notNull())
    .addColumn("is_silent", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("rings_key", ["channel_id", "user_id"])
    .execute();
  await sql`create index rings_end on rings (ends_at)`.execute(db);
  await sql`create index rings_user on rings (user_id)`.execute(db);
}
