import { sql, type Kysely } from "kysely";

/** USE_EXTERNAL_EMOJIS, USE_EXTERNAL_STICKERS, USE_SOUNDBOARD and USE_EXTERNAL_SOUNDS. */
const expressions = 2 ** 18 + 2 ** 37 + 2 ** 42 + 2 ** 45;

/**
 * Sounds of servers, whose ids are chosen at random as those of emoji. Base roles are given what their members could do until
 * now without being asked for the permission.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sounds")
    .addColumn("id", "bigint", (c) => c.primaryKey())
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("emoji", "text")
    .addColumn("volume", "integer", (c) => c.notNull())
    .addColumn("file_id", "text", (c) => c.notNull().unique())
    .addColumn("content_type", "text", (c) => c.notNull())
    .addColumn("bytes", "integer", (c) => c.notNull())
    .addColumn("duration_ms", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("sounds_name").on("sounds").columns(["server_id", "name"]).unique().execute();
  await sql`
    update roles set permissions = permissions | ${sql.lit(expressions)}
    where id in (select everyone_role_id from servers)`.execute(db);
}
