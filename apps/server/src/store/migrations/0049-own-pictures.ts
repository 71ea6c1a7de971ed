import type { Kysely } from "kysely";

/** Pictures of people, servers and groups. No foreign key: what refers to a picture removes it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ["users", "servers", "channels"]) {
    await db.schema.alterTable(table).addColumn("picture", "text").execute();
  }
}
