import type { Channel, ChannelType } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { presentChannel } from "./servers.ts";

type Db = Kysely<Tables>;

export async function channelIdsOf(db: Db, serverId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("channels")
    .where("server_id", "=", serverId)
    .orderBy("position")
    .orderBy("id")
    .select("id")
    .execute();
  return rows.map((row) => row.id);
}

/** How many the server has, and the position after the last. */
export function channelRoom(db: Db, serverId: number): Promise<{ count: number; next: number }> {
  return db
    .selectFrom("channels")
    .where("server_id", "=", serverId)
    .select(({ fn }) => [fn.countAll<number>().as("count"), sql<number>`coalesce(max(position), -1) + 1`.as("next")])
    .executeTakeFirstOrThrow();
}

export async function insertChannel(
  db: Db,
  channel: { serverId: number; name: string; type: ChannelType; position: number; now: number },
): Promise<Channel> {
  const row = await db
    .insertInto("channels")
    .values({
      server_id: channel.serverId,
      name: channel.name,
      type: channel.type,
      position: channel.position,
      created_at: channel.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return presentChannel(row);
}

export async function renameChannel(db: Db, channelId: number, name: string): Promise<Channel | undefined> {
  const row = await db
    .updateTable("channels")
    .set({ name })
    .where("id", "=", channelId)
    .returningAll()
    .executeTakeFirst();
  return row && presentChannel(row);
}

/** Channels take the positions in which the list has them. */
export async function orderChannels(db: Db, channelIds: readonly number[]): Promise<void> {
  for (const [position, id] of channelIds.entries()) {
    await db.updateTable("channels").set({ position }).where("id", "=", id).where("position", "!=", position).execute();
  }
}

/** Messages that one statement takes away: short enough that others can write in between. */
const messagesAtOnce = 500;

/**
 * Deletes a channel with all that was said in it. The messages go first and in portions: one statement that took
 * years of them by cascade would keep everybody from writing for seconds.
 */
export async function deleteChannel(db: Db, channelId: number): Promise<void> {
  for (;;) {
    const portion = db.selectFrom("messages").where("channel_id", "=", channelId).select("id").limit(messagesAtOnce);
    const result = await db.deleteFrom("messages").where("id", "in", portion).executeTakeFirst();
    if (result.numDeletedRows < messagesAtOnce) break;
  }
  await db.deleteFrom("channels").where("id", "=", channelId).execute();
}
