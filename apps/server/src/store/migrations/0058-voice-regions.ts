import type { Kysely } from "kysely";

/** Forwarding nodes elsewhere, and the region in which a channel's calls are forwarded. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("voice_nodes")
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("digest", "text", (c) => c.notNull().unique())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.alterTable("channels").addColumn("region", "text").execute();
}
