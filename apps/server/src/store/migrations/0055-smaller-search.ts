import { sql, type Kysely } from "kysely";
import type { SqlDialect } from "../sql-dialect.ts";

/** The search index of PostgreSQL in less room. It is made anew from the messages. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  if (dialect === "sqlite") return;
  await db.schema.dropTable("search_documents").execute();
  await db.schema.dropTable("search_terms").execute();
  await sql`delete from search_state`.execute(db);
  await db.schema
    .createTable("search_documents")
    .addColumn("message_id", "bigint", (c) => c.primaryKey().references("messages.id").onDelete("cascade"))
    // Compared byte by byte: no language has rules for these characters.
    .addColumn("tokens", sql`text collate "C"`, (c) => c.notNull())
    .execute();
  // Of new entries PostgreSQL keeps a list (of 4 MB otherwise), which each search reads as a whole.
  await sql`create index search_documents_tokens on search_documents using gin (string_to_array(tokens, null))
    with (gin_pending_list_limit = 512)`.execute(db);
  await db.schema
    .createTable("search_words")
    .addColumn("beginning", sql`text collate "C"`, (c) => c.primaryKey())
    .addColumn("words", sql`text collate "C"`, (c) => c.notNull())
    .execute();
}
