import type { Kysely } from "kysely";

/**
 * Mentions of roles and of those who are online. `through_group`: the user is mentioned as one of many, so the message does
 * not name them. `messages.mentions_everyone` is 2 for those who are online.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("messages").addColumn("mention_roles", "text").execute();
  await db.schema
    .alterTable("mentions")
    .addColumn("through_group", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable("notification_levels").addColumn("suppress_roles", "integer").execute();
}
