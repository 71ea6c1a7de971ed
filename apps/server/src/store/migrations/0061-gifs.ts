import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/**
 * GIFs that people keep; attachments that move, or come from a service that wants to be named; stickers that are forwarded or
 * scheduled; pictures by their age.
 */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("favourite_gifs")
    .addColumn("id", ...autoId(dialect))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("source", "text", (c) => c.notNull())
    .addColumn("picture_id", "text", (c) => c.notNull())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("credit", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("favourite_gifs_source")
    .unique()
    .on("favourite_gifs")
    .columns(["user_id", "source"])
    .execute();
  await db.schema
    .alterTable("attachments")
    .addColumn("animated", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable("attachments").addColumn("credit", "text").execute();
  // Nobody has looked whether a WebP moves.
  await sql`update attachments set animated = 1 where content_type in ('image/gif', 'image/apng')`.execute(db);
  await db.schema.alterTable("forwards").addColumn("sticker", "text").execute();
  await db.schema.alterTable("scheduled_messages").addColumn("sticker", "text").execute();
  await db.schema.createIndex("pictures_created").on("pictures").column("created_at").execute();
}
