import type { Kysely } from "kysely";

/**
 * Polls: what a message asks, how its answers stand, and who has chosen what. A poll goes with its message; a ballot that
 * was taken back stays without answers, for its position.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("polls")
    .addColumn("message_id", "bigint", (column) => column.primaryKey().references("messages.id").onDelete("cascade"))
    .addColumn("answers", "text", (column) => column.notNull())
    .addColumn("multiple", "integer", (column) => column.notNull())
    .addColumn("anonymous", "integer", (column) => column.notNull())
    .addColumn("ends_at", "bigint")
    .addColumn("counts", "text", (column) => column.notNull())
    .addColumn("voters", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("ballots")
    .addColumn("message_id", "bigint", (column) => column.notNull().references("polls.message_id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (column) => column.notNull().references("users.id"))
    .addColumn("answers", "text", (column) => column.notNull())
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("ballots_key", ["message_id", "user_id"])
    .execute();
  await db.schema.createIndex("ballots_user").on("ballots").column("user_id").execute();
}
