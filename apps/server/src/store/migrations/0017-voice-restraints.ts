import type { Kysely } from "kysely";

/** Whom moderators have muted or deafened in a server's voice channels. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("voice_restraints")
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("is_muted", "integer", (c) => c.notNull())
    .addColumn("is_deafened", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("voice_restraints_key", ["server_id", "user_id"])
    .execute();
  // For the cascade.
  await db.schema.createIndex("voice_restraints_user").on("voice_restraints").column("user_id").execute();
}
