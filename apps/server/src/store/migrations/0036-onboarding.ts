import type { Kysely } from "kysely";

/** What new members of a server meet, what they chose, and which roles they may so have given to themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("onboardings")
    .addColumn("server_id", "bigint", (c) => c.primaryKey().references("servers.id").onDelete("cascade"))
    .addColumn("fields", "text", (c) => c.notNull())
    .execute();
  await db.schema.alterTable("servers").addColumn("onboarding_since", "bigint").execute();
  await db.schema.alterTable("members").addColumn("onboarded_at", "bigint").execute();
  await db.schema.alterTable("members").addColumn("onboarding_answers", "text").execute();
  await db.schema
    .alterTable("roles")
    .addColumn("offered", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
}
