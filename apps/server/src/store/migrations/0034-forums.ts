import { sql, type Kysely } from "kysely";

/** Forums: channels whose content is posts, which are threads with tags. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("channels").addColumn("forum", "text").execute();
  await db.schema.alterTable("channels").addColumn("pinned_at", "bigint").execute();
  await db.schema
    .alterTable("channels")
    .addColumn("revision", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
  // The newest posts of a forum.
  await sql`create index channels_children on channels (parent_id, id) where parent_id is not null`.execute(db);
  await sql`create index channels_pinned on channels (parent_id, pinned_at) where pinned_at is not null`.execute(db);
  await db.schema
    .createTable("post_tags")
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("tag_id", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("post_tags_key", ["channel_id", "tag_id"])
    .execute();
}
