import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

export interface ServerAccess {
  serverId: number;
  ownerId: number;
  serverName: string;
  isMember: boolean;
  /** Administrator of the whole instance. */
  isAdmin: boolean;
}

export interface ChannelAccess extends ServerAccess {
  channelId: number;
  channelName: string;
  type: string;
  /** The channel's position. */
  seq: number;
}

/** What the user is to the server; undefined when there is no such server. */
export async function serverAccess(
  db: Kysely<Tables>,
  userId: number,
  serverId: number,
): Promise<ServerAccess | undefined> {
  const row = await db
    .selectFrom("servers")
    .innerJoin("users", (join) => join.on("users.id", "=", userId))
    .leftJoin("members", (join) =>
      join.onRef("members.server_id", "=", "servers.id").onRef("members.user_id", "=", "users.id"),
    )
    .where("servers.id", "=", serverId)
    .select(["servers.id", "servers.owner_id", "servers.name", "users.is_admin", "members.joined_at"])
    .executeTakeFirst();
  return row && toServerAccess(row.id, row);
}

/** What the user is to the channel's server; undefined when there is no such channel. */
export async function channelAccess(
  db: Kysely<Tables>,
  userId: number,
  channelId: number,
): Promise<ChannelAccess | undefined> {
  const row = await db
    .selectFrom("channels")
    .innerJoin("servers", "servers.id", "channels.server_id")
    .innerJoin("users", (join) => join.on("users.id", "=", userId))
    .leftJoin("members", (join) =>
      join.onRef("members.server_id", "=", "servers.id").onRef("members.user_id", "=", "users.id"),
    )
    .where("channels.id", "=", channelId)
    .select(["servers.id", "servers.owner_id", "servers.name", "users.is_admin", "members.joined_at"])
    .select(["channels.name as channel_name", "channels.type", "channels.seq"])
    .executeTakeFirst();
  return (
    row && {
      ...toServerAccess(row.id, row),
      channelId,
      channelName: row.channel_name,
      type: row.type,
      seq: row.seq,
    }
  );
}

interface AccessRow {
  owner_id: number;
  name: string;
  is_admin: number;
  joined_at: number | null;
}

function toServerAccess(serverId: number, row: AccessRow): ServerAccess {
  return {
    serverId,
    ownerId: row.owner_id,
    serverName: row.name,
    isMember: row.joined_at !== null,
    isAdmin: row.is_admin === 1,
  };
}

/** Servers of which the user is a member, in the order in which they joined. */
export async function serverIdsOf(db: Kysely<Tables>, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("members")
    .where("user_id", "=", userId)
    .orderBy("joined_at")
    .orderBy("server_id")
    .select("server_id")
    .execute();
  return rows.map((row) => row.server_id);
}
