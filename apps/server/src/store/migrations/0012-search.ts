import { sql, type Kysely } from "kysely";
import type { SqlDialect } from "../sql-dialect.ts";

/** The tables of the search index. In SQLite they are in a file of their own: `search/search-file.ts`. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  if (dialect === "sqlite") return;
  await db.schema
    .createTable("search_documents")
    .addColumn("message_id", "bigint", (c) => c.primaryKey().references("messages.id").onDelete("cascade"))
    .addColumn("tokens", sql`integer[]`, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("search_documents_tokens").on("search_documents").using("gin").column("tokens").execute();
  await db.schema
    .createTable("search_terms")
    // Compared byte by byte, so that the index serves beginnings.
    .addColumn("term", sql`text collate "C"`, (c) => c.primaryKey())
    .execute();
  await db.schema
    .createTable("search_positions")
    .addColumn("channel_id", "bigint", (c) => c.primaryKey().references("channels.id").onDelete("cascade"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("search_state")
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("value", "text", (c) => c.notNull())
    .execute();
}
