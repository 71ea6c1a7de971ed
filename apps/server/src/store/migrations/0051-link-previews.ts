import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Previews of pages that messages link to: what is shown with a message, and what was read of a page. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema.alterTable("messages").addColumn("previews", "text").execute();
  for (const table of ["servers", "users"]) {
    await db.schema
      .alterTable(table)
      .addColumn("link_previews", "integer", (c) => c.notNull().defaultTo(1))
      .execute();
  }
  await db.schema
    .createTable("link_previews")
    .addColumn("id", ...autoId(dialect))
    .addColumn("digest", "text", (c) => c.notNull())
    .addColumn("embed", "text")
    .addColumn("picture", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  await sql`create index link_previews_digest on link_previews (digest, expires_at)`.execute(db);
  await db.schema.createIndex("link_previews_expiry").on("link_previews").column("expires_at").execute();
  await db.schema
    .createTable("preview_pictures")
    .addColumn("message_id", "bigint", (c) => c.notNull().references("messages.id").onDelete("cascade"))
    .addColumn("picture", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("preview_pictures_key", ["message_id", "picture"])
    .execute();
  await db.schema.createIndex("preview_pictures_picture").on("preview_pictures").column("picture").execute();
}
