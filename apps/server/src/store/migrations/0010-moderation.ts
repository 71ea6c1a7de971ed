import type { Kysely } from "kysely";

/** Time outs; reasons and ends of bans. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("members").addColumn("timed_out_until", "bigint").execute();
  await db.schema
    .createTable("timeouts")
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("until", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("timeouts_key", ["server_id", "user_id"])
    .execute();
  await db.schema.alterTable("bans").addColumn("reason", "text").execute();
  await db.schema.alterTable("bans").addColumn("expires_at", "bigint").execute();
}
