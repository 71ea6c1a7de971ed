import type { Kysely } from "kysely";

/** What people say of themselves, and their custom status. No foreign key: what refers to a picture removes it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ["about", "pronouns"]) {
    await db.schema
      .alterTable("users")
      .addColumn(column, "text", (c) => c.notNull().defaultTo(""))
      .execute();
  }
  for (const column of ["banner", "banner_color", "custom_status"]) {
    await db.schema.alterTable("users").addColumn(column, "text").execute();
  }
}
