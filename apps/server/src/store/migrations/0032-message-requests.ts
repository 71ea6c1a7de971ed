import type { Kysely } from "kysely";

/** A stranger's conversation that its other person has not accepted: 1 it waits, 2 it is ignored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("recipients")
    .addColumn("request", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
}
