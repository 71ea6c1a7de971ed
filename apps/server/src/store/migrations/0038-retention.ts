import type { Kysely } from "kysely";

/** How long servers and channels keep messages and files, and how far that has been carried out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ["servers", "channels"]) {
    for (const column of ["keep_message_days", "keep_file_days", "keep_file_mb"]) {
      // As wide as a time, so that PostgreSQL multiplies days without an overflow.
      await db.schema
        .alterTable(table)
        .addColumn(column, "bigint", (c) => c.notNull().defaultTo(0))
        .execute();
    }
  }
  await db.schema
    .alterTable("channels")
    .addColumn("expired_seq", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable("messages")
    .addColumn("files_removed", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex("attachments_size").on("attachments").column("size").execute();
}
