import { sql, type Kysely } from "kysely";
import type { SqlDialect } from "../sql-dialect.ts";

/** Channels without a server, and what people let each other do: who may write to whom, blocks, friends. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await allowNoServer(db, dialect);
  await db.schema.alterTable("channels").addColumn("owner_id", "bigint").execute();
  await db.schema.alterTable("channels").addColumn("pair_key", "text").execute();
  await sql`create unique index channels_pair on channels (pair_key) where pair_key is not null`.execute(db);
  await db.schema
    .createTable("recipients")
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("joined_at", "bigint", (c) => c.notNull())
    .addColumn("has_opened", "integer", (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint("recipients_key", ["channel_id", "user_id"])
    .execute();
  await db.schema.createIndex("recipients_user").on("recipients").column("user_id").execute();
  await db.schema
    .alterTable("users")
    .addColumn("messages_from", "text", (c) => c.notNull().defaultTo("servers"))
    .execute();
  await createPairs(db, "blocks", "blocked_id");
  await createPairs(db, "friends", "friend_id");
}

/** SQLite cannot take `not null` away from a column, so another column takes its place. */
async function allowNoServer(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  if (dialect === "postgres") {
    await sql`alter table channels alter column server_id drop not null`.execute(db);
    return;
  }
  await sql`alter table channels add column nullable_id bigint references servers (id) on delete cascade`.execute(db);
  await sql`update channels set nullable_id = server_id`.execute(db);
  await sql`drop index channels_server`.execute(db);
  await sql`drop index channels_restricted`.execute(db);
  await sql`alter table channels drop column server_id`.execute(db);
  await sql`alter table channels rename column nullable_id to server_id`.execute(db);
  await sql`create index channels_server on channels (server_id)`.execute(db);
  await sql`create index channels_restricted on channels (server_id) where restricted = 1`.execute(db);
}

async function createPairs(db: Kysely<unknown>, table: string, other: string): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn(other, "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint(`${table}_key`, ["user_id", other])
    .execute();
  await db.schema.createIndex(`${table}_other`).on(table).column(other).execute();
}
