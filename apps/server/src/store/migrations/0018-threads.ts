import { sql, type Kysely } from "kysely";

/** Threads: channels with a parent, whose rights they have, and the people who follow them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("channels")
    .addColumn("parent_id", "bigint", (c) => c.references("channels.id").onDelete("cascade"))
    .execute();
  for (const name of ["starter_id", "active_at", "archive_after_s"]) {
    await db.schema.alterTable("channels").addColumn(name, "bigint").execute();
  }
  for (const name of ["archived", "locked"]) {
    await db.schema
      .alterTable("channels")
      .addColumn(name, "integer", (c) => c.notNull().defaultTo(0))
      .execute();
  }
  // Lists of a server's channels pass over its threads, of which there may be thousands.
  await sql`drop index channels_server`.execute(db);
  await sql`create index channels_server on channels (server_id, parent_id)`.execute(db);
  await sql`drop index channels_restricted`.execute(db);
  // With the same columns as the index above: otherwise SQLite prefers that one.
  await sql`create index channels_restricted on channels (server_id, parent_id)
    where restricted = 1 and parent_id is null`.execute(db);
  await sql`create index channels_parent on channels (parent_id, active_at) where parent_id is not null`.execute(db);
  await sql`create unique index channels_starter on channels (starter_id) where starter_id is not null`.execute(db);
  await db.schema
    .createTable("thread_followers")
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("thread_followers_key", ["channel_id", "user_id"])
    .execute();
  await db.schema.createIndex("thread_followers_user").on("thread_followers").column("user_id").execute();
}
