import { sql, type Kysely } from "kysely";

/** Exports of other systems that administrators upload, and what becomes of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("imports")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("origin", "text", (c) => c.notNull().defaultTo("discord"))
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("failures", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("finished_at", "bigint")
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("name", "text")
    .addColumn("server_id", "bigint", (c) => c.references("servers.id").onDelete("set null"))
    .addColumn("announce", "text")
    .addColumn("files", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("bytes", "bigint", (c) => c.notNull().defaultTo(0))
    .addColumn("received", "bigint", (c) => c.notNull().defaultTo(0))
    .addColumn("total", "bigint")
    .addColumn("preview", "text")
    .addColumn("position", "text")
    .addColumn("report", "text")
    .addColumn("fault", "text")
    .execute();
  await db.schema.createIndex("imports_due").on("imports").column("due_at").execute();
  await db.schema.createIndex("imports_user").on("imports").column("user_id").execute();
  await db.schema.createIndex("imports_server").on("imports").column("server_id").execute();
  // One at a time.
  await db.schema
    .createIndex("imports_open")
    .unique()
    .on("imports")
    .column("origin")
    .where(sql.ref("finished_at"), "is", null)
    .execute();
  await db.schema
    .createTable("import_files")
    .addColumn("import_id", "text", (c) => c.notNull().references("imports.id").onDelete("cascade"))
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("start", "bigint", (c) => c.notNull())
    .addColumn("size", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("import_files_key", ["import_id", "path"])
    .execute();
  await db.schema
    .createTable("import_parts")
    .addColumn("import_id", "text", (c) => c.notNull().references("imports.id").onDelete("cascade"))
    .addColumn("start", "bigint", (c) => c.notNull())
    .addColumn("size", "bigint", (c) => c.notNull())
    .addColumn("storage_key", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("import_parts_key", ["import_id", "start"])
    .execute();
}
