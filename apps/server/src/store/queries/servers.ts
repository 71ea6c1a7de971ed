import type { Channel, ChannelState, ChannelType, Server, ServerState } from "@miscord/protocol";
import type { Kysely, Selectable } from "kysely";
import type { ChannelsTable, Tables } from "../schema.ts";
import { snapshot } from "./snapshot.ts";
import { mentionCounts } from "./unread.ts";
import { visibleChannels } from "./visible-channels.ts";

type Db = Kysely<Tables>;
type ServerRow = Selectable<Tables["servers"]>;
type ChannelRow = Pick<Selectable<ChannelsTable>, "id" | "server_id" | "name" | "type" | "position">;

/** Voice states are not in the database. */
export type StoredServerState = Omit<ServerState, "voice_states">;

/**
 * The user's servers in the order of joining, with channels, read positions and mention counts: three queries for any
 * number of servers, from one snapshot. `only` selects one server.
 */
export function serverStates(db: Db, userId: number, only?: number): Promise<StoredServerState[]> {
  return snapshot(db, async (at) => {
    const servers = await serversWithCounts(at, userId, only);
    const channels = await channelsWithReads(at, userId, only);
    const mentions = await mentionCounts(at, userId);
    const byServer = Map.groupBy(channels, (channel) => channel.server_id);
    return servers.map((server) => ({
      ...presentServer(server),
      member_count: server.member_count,
      channels: (byServer.get(server.id) ?? []).map((row) => toChannelState(row, mentions.get(row.id) ?? 0)),
    }));
  });
}

function serversWithCounts(db: Db, userId: number, only: number | undefined) {
  return db
    .selectFrom("members as me")
    .innerJoin("servers", "servers.id", "me.server_id")
    .where("me.user_id", "=", userId)
    .$if(only !== undefined, (query) => query.where("servers.id", "=", only!))
    .orderBy("me.joined_at")
    .orderBy("servers.id")
    .selectAll("servers")
    .select((select) =>
      select
        .selectFrom("members")
        .whereRef("members.server_id", "=", "servers.id")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .$asScalar()
        .$notNull()
        .as("member_count"),
    )
    .execute();
}

function channelsWithReads(db: Db, userId: number, only: number | undefined) {
  return db
    .selectFrom(visibleChannels(db, [userId]))
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.channel_id", "=", "visible.id").onRef("read_states.user_id", "=", "visible.viewer_id"),
    )
    .$if(only !== undefined, (query) => query.where("visible.server_id", "=", only!))
    .orderBy("visible.position")
    .orderBy("visible.id")
    .selectAll("visible")
    .select("read_states.seq as read_seq")
    .execute();
}

function toChannelState(
  row: ChannelRow & { last_message_seq: number; read_seq: number | null },
  mentionCount: number,
): ChannelState {
  return {
    ...presentChannel(row),
    last_message_seq: row.last_message_seq,
    read_seq: row.read_seq ?? 0,
    mention_count: mentionCount,
  };
}

function presentServer({ id, name, owner_id, created_at }: ServerRow): Server {
  return { id, name, owner_id, created_at: new Date(created_at).toISOString() };
}

export function presentChannel({ id, server_id, name, type, position }: ChannelRow): Channel {
  return { id, server_id, name, type: type as ChannelType, position };
}

/** Returns the new server's id. */
export async function insertServer(db: Db, server: { name: string; ownerId: number; now: number }): Promise<number> {
  const { id } = await db
    .insertInto("servers")
    .values({ name: server.name, owner_id: server.ownerId, created_at: server.now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Undefined when there is no such server. */
export async function renameServer(db: Db, serverId: number, name: string): Promise<Server | undefined> {
  const row = await db
    .updateTable("servers")
    .set({ name })
    .where("id", "=", serverId)
    .returningAll()
    .executeTakeFirst();
  return row && presentServer(row);
}

export async function deleteServer(db: Db, serverId: number): Promise<void> {
  await db.deleteFrom("servers").where("id", "=", serverId).execute();
}

/** Number of servers that the user is a member of. */
export async function countServersOf(db: Db, userId: number): Promise<number> {
  const { count } = await db
    .selectFrom("members")
    .where("user_id", "=", userId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
