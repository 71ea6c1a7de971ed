import type { Kysely } from "kysely";

/** Pushes that tell administrators of an incident. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("pushes").addColumn("alert", "text").execute();
}
