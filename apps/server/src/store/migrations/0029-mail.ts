import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Confirmed addresses, what people want to hear by mail, and the outbox of mails. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  for (const column of ["email_key", "email_pending", "mail_locale"] as const) {
    await db.schema.alterTable("users").addColumn(column, "text").execute();
  }
  await db.schema
    .alterTable("users")
    .addColumn("mail_notices", "integer", (c) => c.notNull().defaultTo(1))
    .execute();
  await db.schema.alterTable("users").addColumn("digest_at", "bigint").execute();
  await sql`create index users_email_key on users (email_key) where email_key is not null`.execute(db);
  await sql`create index users_digest on users (digest_at) where digest_at is not null`.execute(db);
  await db.schema
    .createTable("mails")
    .addColumn("id", ...autoId(dialect))
    .addColumn("user_id", "bigint", (c) => c.references("users.id").onDelete("cascade"))
    .addColumn("address", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("detail", "text", (c) => c.notNull().defaultTo(""))
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("mails_due").on("mails").column("due_at").execute();
  await db.schema.createIndex("mails_user").on("mails").column("user_id").execute();
}
