import type { Kysely } from "kysely";

/** The refresh token that a session spent last, and the stored files of deleted messages. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("sessions").addColumn("spent_hash", "text").execute();
  await db.schema
    .createTable("removed_files")
    .addColumn("storage_key", "text", (c) => c.primaryKey())
    .execute();
}
