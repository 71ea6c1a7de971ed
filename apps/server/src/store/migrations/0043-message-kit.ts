import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Earlier texts of edited messages, forwarded messages, and channels that are marked unread again. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("earlier_texts")
    .addColumn("id", ...autoId(dialect))
    .addColumn("message_id", "bigint", (c) => c.notNull().references("messages.id").onDelete("cascade"))
    .addColumn("author_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("content", "text", (c) => c.notNull())
    .addColumn("written_at", "bigint", (c) => c.notNull())
    .execute();
  await sql`create index earlier_texts_message on earlier_texts (message_id, id)`.execute(db);
  await db.schema.createIndex("earlier_texts_author").on("earlier_texts").column("author_id").execute();
  await db.schema
    .createTable("forwards")
    .addColumn("message_id", "bigint", (c) => c.primaryKey().references("messages.id").onDelete("cascade"))
    .addColumn("source_id", "bigint", (c) => c.notNull())
    .addColumn("content", "text", (c) => c.notNull())
    .addColumn("written_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .alterTable("read_states")
    .addColumn("generation", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
}
