import type { Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** Raid mode, and deletions of a banned user's messages, which go on after a crash. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema.alterTable("servers").addColumn("raid_since", "bigint").execute();
  await db.schema.alterTable("servers").addColumn("raid_until", "bigint").execute();
  await db.schema
    .createTable("purges")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("author_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("actor_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("since", "bigint", (c) => c.notNull())
    .addColumn("until", "bigint", (c) => c.notNull())
    .execute();
}
