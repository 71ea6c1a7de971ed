import type { Kysely } from "kysely";

/** What a server asks of members before they write, and who has accepted its rules. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const minutes = ["verify_account_minutes", "verify_member_minutes"] as const;
  for (const column of minutes) {
    await db.schema
      .alterTable("servers")
      .addColumn(column, "integer", (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await db.schema.alterTable("servers").addColumn("rules", "text").execute();
  await db.schema.alterTable("members").addColumn("rules_accepted_at", "bigint").execute();
}
