import type { Kysely } from "kysely";

/** Servers that are listed for everybody on the instance, and those whose moderators need a second factor. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("servers")
    .addColumn("description", "text", (c) => c.notNull().defaultTo(""))
    .execute();
  await db.schema.alterTable("servers").addColumn("public_since", "bigint").execute();
  for (const column of ["unlisted", "factor_required"] as const) {
    await db.schema
      .alterTable("servers")
      .addColumn(column, "integer", (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await db.schema.createIndex("servers_public").on("servers").columns(["public_since", "id"]).execute();
}
