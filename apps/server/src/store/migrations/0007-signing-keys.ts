import type { Kysely } from "kysely";

/** The keys that sign tokens, for all nodes; and uploads that are not finished among the files to remove. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("signing_keys")
    .addColumn("generation", "integer", (c) => c.primaryKey())
    .addColumn("id", "text", (c) => c.notNull().unique())
    .addColumn("secret", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .alterTable("removed_files")
    .addColumn("not_before", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
}
