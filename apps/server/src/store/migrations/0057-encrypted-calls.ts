import type { Kysely } from "kysely";

/** Channels whose calls are encrypted from end to end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("channels")
    .addColumn("encrypted", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
}
