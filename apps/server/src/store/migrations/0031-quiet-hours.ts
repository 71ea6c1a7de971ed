import type { Kysely } from "kysely";

/** When nothing rings for a user, as `QuietHours` in JSON; null: always something may. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("users").addColumn("quiet_hours", "text").execute();
}
