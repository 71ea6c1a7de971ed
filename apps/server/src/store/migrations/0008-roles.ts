import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** What every member could do before there were roles; see `everydayPermissions` in packages/rights. */
const everydayPermissions = 309_341_572_673;

/** Roles with their members, what channels change for them, and a base role for each server. */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await createTables(db, dialect);
  await db.schema
    .alterTable("servers")
    .addColumn("everyone_role_id", "bigint", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable("channels")
    .addColumn("restricted", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`create index channels_restricted on channels (server_id) where restricted = 1`.execute(db);
  await sql`insert into roles (server_id, name, permissions, position, created_at)
    select id, 'everyone', ${sql.lit(everydayPermissions)}, 0, created_at from servers`.execute(db);
  await sql`update servers set everyone_role_id = (select id from roles where server_id = servers.id)`.execute(db);
}

async function createTables(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("roles")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("color", "text")
    .addColumn("permissions", "bigint", (c) => c.notNull())
    .addColumn("hoist", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("mentionable", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("position", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("roles_server").on("roles").column("server_id").execute();
  await db.schema
    .createTable("member_roles")
    .addColumn("server_id", "bigint", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.notNull())
    .addColumn("role_id", "bigint", (c) => c.notNull().references("roles.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("member_roles_key", ["server_id", "user_id", "role_id"])
    .addForeignKeyConstraint(
      "member_roles_member",
      ["server_id", "user_id"],
      "members",
      ["server_id", "user_id"],
      (constraint) => constraint.onDelete("cascade"),
    )
    .execute();
  await db.schema.createIndex("member_roles_role").on("member_roles").column("role_id").execute();
  await db.schema
    .createTable("channel_overrides")
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("type", "text", (c) => c.notNull())
    .addColumn("target_id", "bigint", (c) => c.notNull())
    .addColumn("allow", "bigint", (c) => c.notNull())
    .addColumn("deny", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("channel_overrides_key", ["channel_id", "type", "target_id"])
    .execute();
}
