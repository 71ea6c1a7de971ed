import type { Kysely } from "kysely";

/** When an administrator of the instance disabled the account. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("users").addColumn("disabled_at", "bigint").execute();
}
