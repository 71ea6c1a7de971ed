import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await createPeople(db, dialect);
  await createServers(db, dialect);
  await createMessages(db, dialect);
  await createMessageDetails(db);
  await createAttachmentsAndNotifications(db, dialect);
}

async function createPeople(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("meta")
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("value", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("users")
    .addColumn("id", ...autoId(dialect))
    .addColumn("username", "text", (c) => c.notNull())
    .addColumn("username_key", "text", (c) => c.notNull().unique())
    .addColumn("email", "text", (c) => c.notNull())
    .addColumn("password_hash", "text", (c) => c.notNull())
    .addColumn("display_name", "text", (c) => c.notNull())
    .addColumn("avatar_color", "text", (c) => c.notNull())
    .addColumn("is_admin", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("locale", "text")
    .addColumn("theme", "text", (c) => c.notNull().defaultTo("system"))
    .addColumn("status", "text", (c) => c.notNull().defaultTo("online"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("sessions")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("refresh_hash", "text")
    .addColumn("user_agent", "text", (c) => c.notNull())
    .addColumn("address", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .execute();
  await db.schema.createIndex("sessions_user").on("sessions").column("user_id").execute();
}

async function createServers(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("servers")
    .addColumn("id", ...autoId(dialect))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("owner_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("channels")
    .addColumn("id", ...autoId(dialect))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("type", "text", (c) => c.notNull())
    .addColumn("position", "integer", (c) => c.notNull())
    .addColumn("seq", "bigint", (c) => c.notNull().defaultTo(0))
    .addColumn("last_message_seq", "bigint", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("channels_server").on("channels").column("server_id").execute();
  await db.schema
    .createTable("members")
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("joined_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("members_key", ["server_id", "user_id"])
    .execute();
  await db.schema.createIndex("members_user").on("members").column("user_id").execute();
  await db.schema
    .createTable("bans")
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("banned_by", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("bans_key", ["server_id", "user_id"])
    .execute();
  await db.schema
    .createTable("invites")
    .addColumn("code", "text", (c) => c.primaryKey())
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("created_by", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("max_uses", "integer")
    .addColumn("uses", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex("invites_server").on("invites").column("server_id").execute();
}

async function createMessages(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("messages")
    .addColumn("id", ...autoId(dialect))
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("author_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("content", "text", (c) => c.notNull())
    .addColumn("nonce", "text")
    .addColumn("fingerprint", "text")
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("updated_seq", "bigint", (c) => c.notNull())
    .addColumn("reply_to_id", "bigint", (c) => c.references("messages.id").onDelete("set null"))
    .addColumn("mentions_everyone", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("edited_at", "bigint")
    .addColumn("deleted_at", "bigint")
    .execute();
  await db.schema.createIndex("messages_seq").unique().on("messages").columns(["channel_id", "seq"]).execute();
  await db.schema.createIndex("messages_updated").on("messages").columns(["channel_id", "updated_seq"]).execute();
  await db.schema
    .createIndex("messages_reply")
    .on("messages")
    .column("reply_to_id")
    .where(sql.ref("reply_to_id"), "is not", null)
    .execute();
  await db.schema
    .createIndex("messages_nonce")
    .unique()
    .on("messages")
    .columns(["author_id", "nonce"])
    .where(sql.ref("nonce"), "is not", null)
    .execute();
  await db.schema
    .createIndex("messages_everyone")
    .on("messages")
    .columns(["channel_id", "seq"])
    .where(sql.ref("mentions_everyone"), "=", sql.lit(1))
    .execute();
}

async function createMessageDetails(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("mentions")
    .addColumn("message_id", "bigint", (c) => c.notNull().references("messages.id").onDelete("cascade"))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    // Deleted with its message. A foreign key to channels would scan this table for every deleted channel.
    .addColumn("channel_id", "bigint", (c) => c.notNull())
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("mentions_key", ["message_id", "user_id"])
    .execute();
  await db.schema.createIndex("mentions_unread").on("mentions").columns(["user_id", "channel_id", "seq"]).execute();
  await db.schema
    .createTable("reactions")
    .addColumn("message_id", "bigint", (c) => c.notNull().references("messages.id").onDelete("cascade"))
    .addColumn("emoji", "text", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("position", "bigint", (c) => c.notNull())
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("reactions_key", ["message_id", "emoji", "user_id"])
    .execute();
  await db.schema
    .createTable("read_states")
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("channel_id", "bigint", (c) => c.notNull().references("channels.id").onDelete("cascade"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("read_states_key", ["user_id", "channel_id"])
    .execute();
  await db.schema.createIndex("read_states_channel").on("read_states").column("channel_id").execute();
}

async function createAttachmentsAndNotifications(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("attachments")
    .addColumn("id", ...autoId(dialect))
    .addColumn("uploader_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("message_id", "bigint", (c) => c.references("messages.id").onDelete("set null"))
    .addColumn("ordinal", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("storage_key", "text", (c) => c.notNull())
    .addColumn("filename", "text", (c) => c.notNull())
    .addColumn("size", "bigint", (c) => c.notNull())
    .addColumn("content_type", "text", (c) => c.notNull())
    .addColumn("width", "integer")
    .addColumn("height", "integer")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("attachments_message").on("attachments").column("message_id").execute();
  await db.schema
    .createTable("notifications")
    .addColumn("id", ...autoId(dialect))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("actor_id", "bigint", (c) => c.notNull().references("users.id"))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    // No foreign key, as in mentions.
    .addColumn("channel_id", "bigint")
    .addColumn("message_id", "bigint", (c) => c.references("messages.id").onDelete("cascade"))
    .addColumn("invite_code", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("read_at", "bigint")
    .execute();
  await db.schema.createIndex("notifications_inbox").on("notifications").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("notifications_message").on("notifications").column("message_id").execute();
  await db.schema.createIndex("notifications_server").on("notifications").column("server_id").execute();
}
