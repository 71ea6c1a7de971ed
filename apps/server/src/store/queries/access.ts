import type { AccessFacts } from "@miscord/rights";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** What the access policy needs to know about a user in a server, and the server's name. */
export interface ServerAccess extends AccessFacts {
  serverId: number;
  serverName: string;
}

export interface ChannelAccess extends ServerAccess {
  channelId: number;
  channelName: string;
  type: string;
  /** The channel's position. */
  seq: number;
}

/** The user's access to the server; undefined when there is no such server or user. */
export async function serverAccess(db: Db, userId: number, serverId: number): Promise<ServerAccess | undefined> {
  const row = await serversWithUser(db, userId).where("servers.id", "=", serverId).executeTakeFirst();
  return row && toServerAccess(row);
}

/** The user's access to the channel; undefined when there is no such channel or user. */
export async function channelAccess(db: Db, userId: number, channelId: number): Promise<ChannelAccess | undefined> {
  const row = await serversWithUser(db, userId)
    .innerJoin("channels", "channels.server_id", "servers.id")
    .where("channels.id", "=", channelId)
    .select(["channels.id as channel_id", "channels.name as channel_name", "channels.type", "channels.seq"])
    .executeTakeFirst();
  return (
    row && {
      ...toServerAccess(row),
      channelId: row.channel_id,
      channelName: row.channel_name,
      type: row.type,
      seq: row.seq,
    }
  );
}

/** Every server, with what the user is to it. */
function serversWithUser(db: Db, userId: number) {
  return db
    .selectFrom("servers")
    .innerJoin("users", (join) => join.on("users.id", "=", userId))
    .leftJoin("members", (join) =>
      join.onRef("members.server_id", "=", "servers.id").onRef("members.user_id", "=", "users.id"),
    )
    .select(["servers.id as server_id", "servers.owner_id", "servers.name as server_name"])
    .select(["users.id as user_id", "users.is_admin", "members.joined_at"]);
}

type Row = Awaited<ReturnType<ReturnType<typeof serversWithUser>["execute"]>>[number];

function toServerAccess(row: Row): ServerAccess {
  return {
    userId: row.user_id,
    serverId: row.server_id,
    ownerId: row.owner_id,
    serverName: row.server_name,
    isMember: row.joined_at !== null,
    isAdmin: row.is_admin === 1,
  };
}

/** Servers of which the user is a member, in the order in which they joined. */
export async function serverIdsOf(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("members")
    .where("user_id", "=", userId)
    .orderBy("joined_at")
    .orderBy("server_id")
    .select("server_id")
    .execute();
  return rows.map((row) => row.server_id);
}
