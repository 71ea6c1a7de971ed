import { sql, type Kysely } from "kysely";
import type { SqlDialect } from "../sql-dialect.ts";

/** What a person may take along and take back: exports, the deletion of an account, and finding what they wrote. */
export async function up(db: Kysely<unknown>, _dialect: SqlDialect): Promise<void> {
  await db.schema.alterTable("users").addColumn("deletion_at", "bigint").execute();
  await db.schema.alterTable("users").addColumn("deletion_messages", "text").execute();
  await db.schema.alterTable("users").addColumn("deleted_at", "bigint").execute();
  await db.schema
    .createIndex("users_deletion")
    .on("users")
    .column("deletion_at")
    .where(sql.ref("deletion_at"), "is not", null)
    .execute();
  await db.schema
    .createIndex("messages_author")
    .on("messages")
    .columns(["author_id", "created_at", "id"])
    .where(sql.ref("deleted_at"), "is", null)
    .execute();
  await db.schema.createIndex("reactions_user").on("reactions").column("user_id").execute();
  await db.schema
    .createTable("exports")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("finished_at", "bigint")
    .addColumn("expires_at", "bigint")
    .addColumn("storage_key", "text")
    .addColumn("size", "bigint")
    .execute();
  await db.schema
    .createIndex("exports_open")
    .unique()
    .on("exports")
    .column("user_id")
    .where(sql.ref("finished_at"), "is", null)
    .execute();
  await db.schema.createIndex("exports_user").on("exports").columns(["user_id", "created_at"]).execute();
}
