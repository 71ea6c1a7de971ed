import type { Channel, ChannelType, Retention } from "@miscord/protocol";
import { areSynchronised, type Override } from "@miscord/rights";
import { sql, type Kysely, type NotNull } from "kysely";
import { among } from "../among.ts";
import { newForum } from "../forum-settings.ts";
import { columnsOf } from "../retention-columns.ts";
import type { Tables } from "../schema.ts";
import { deleteAttachmentsOf } from "./attachments.ts";
import { deleteInPortions } from "./delete-in-portions.ts";
import { indexIn } from "./index-in.ts";
import { deletePictures } from "./pictures.ts";
import { retirePositions } from "./progress.ts";
import { overrides, presentChannel } from "./servers.ts";
import { threadIdsOf } from "./threads.ts";

type Db = Kysely<Tables>;

/** Ids of the server's channels in display order, without threads, as in the rest of this file. */
export async function channelIdsOf(db: Db, serverId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("channels")
    .where("server_id", "=", serverId)
    .where("parent_id", "is", null)
    .orderBy("position")
    .orderBy("id")
    .select("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Present positions of the channels by id; channels that do not exist are absent. */
export async function channelPositions(db: Db, channelIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.selectFrom("channels").where("id", "in", channelIds).select(["id", "seq"]).execute();
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

/** Those of the channels that not all members of their server see. */
export async function restrictedAmong(db: Db, channelIds: readonly number[]): Promise<number[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("channels")
    .where("id", "in", channelIds)
    .where("restricted", "=", 1)
    .select("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** Number of the server's channels, and the position after the last. */
export function channelRoom(db: Db, serverId: number): Promise<{ count: number; next: number }> {
  return db
    .selectFrom("channels")
    .where("server_id", "=", serverId)
    .where("parent_id", "is", null)
    .select(({ fn }) => [fn.countAll<number>().as("count"), sql<number>`coalesce(max(position), -1) + 1`.as("next")])
    .executeTakeFirstOrThrow();
}

interface NewChannel {
  serverId: number;
  name: string;
  type: ChannelType;
  position: number;
  categoryId?: number | null;
  now: number;
}

export async function insertChannel(db: Db, channel: NewChannel): Promise<Channel> {
  const row = await db
    .insertInto("channels")
    .values({
      server_id: channel.serverId,
      name: channel.name,
      type: channel.type,
      position: channel.position,
      category_id: channel.categoryId ?? null,
      created_at: channel.now,
      ...(channel.type === "forum" && { forum: JSON.stringify(newForum) }),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return presentChannel({ ...row, server_id: channel.serverId, overrides: null });
}

export interface FoundChannel {
  channel: Channel;
  /** Some member may not see it: its events must not go to all members. */
  isRestricted: boolean;
  /** The same of its category: an event that names the category must not go to all who see the channel. */
  isCategoryRestricted: boolean;
}

export async function updateChannel(
  db: Db,
  channelId: number,
  {
    is_encrypted,
    ...fields
  }: Pick<Channel, "name" | "topic" | "slow_mode_s" | "category_id" | "is_encrypted" | "region">,
): Promise<void> {
  const encrypted = is_encrypted === undefined ? {} : { encrypted: is_encrypted ? 1 : 0 };
  await db
    .updateTable("channels")
    .set({ ...fields, ...encrypted })
    .where("id", "=", channelId)
    .execute();
}

export async function setChannelRetention(db: Db, channelId: number, rule: Retention): Promise<void> {
  await db.updateTable("channels").set(columnsOf(rule)).where("id", "=", channelId).execute();
}

/** Those of servers. */
export async function channelsById(db: Db, channelIds: readonly number[]): Promise<FoundChannel[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("channels")
    .leftJoin("channels as category", "category.id", "channels.category_id")
    .where("channels.id", "in", channelIds)
    .where("channels.server_id", "is not", null)
    .where("channels.parent_id", "is", null)
    .selectAll("channels")
    .select(["category.id as live_category_id", "category.restricted as category_restricted"])
    .$narrowType<{ server_id: NotNull }>()
    .select(overrides("channels").as("overrides"))
    .execute();
  return rows.map((row) => ({
    channel: presentChannel({ ...row, category_id: row.live_category_id }),
    isRestricted: row.restricted === 1,
    isCategoryRestricted: row.category_restricted === 1,
  }));
}

export async function countInCategory(db: Db, categoryId: number): Promise<number> {
  const { count } = await db
    .selectFrom("channels")
    .where("category_id", "=", categoryId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Channels of the category whose overrides are those of the category. */
export async function synchronisedIn(
  db: Db,
  category: { id: number; overrides: readonly Override[] },
): Promise<FoundChannel[]> {
  const rows = await db.selectFrom("channels").where("category_id", "=", category.id).select("id").execute();
  const children =
    rows.length === 0
      ? []
      : await channelsById(
          db,
          rows.map(({ id }) => id),
        );
  return children.filter(({ channel }) => areSynchronised(channel.overrides, category.overrides));
}

/** Sets each channel's position to its index in the list. */
export async function orderChannels(db: Db, channelIds: readonly number[]): Promise<void> {
  if (channelIds.length === 0) return;
  const position = indexIn(channelIds, "channels.id");
  const moved = db.updateTable("channels").set({ position }).where("id", "in", channelIds);
  await moved.where("position", "!=", position).execute();
}

/** Messages deleted per statement, so that other writers can run in between. */
const messagesPerStatement = 500;
/** What messages take with them, of which one message may have tens of thousands. */
const ofMessages = ["notifications", "reactions", "ballots", "mentions", "saved_messages"] as const;

/**
 * Deletes a channel or thread with all its threads, messages and attachments, whose files go into `removed_files`. The messages are
 * deleted first, in portions, and what others have made of them before that: one statement that cascades over years of messages
 * would block all writers for seconds. `also` runs in the transaction that deletes the channel, when it is still there. Returns
 * whether it was restricted.
 */
export async function deleteChannel(
  db: Db,
  channelId: number,
  also: (trx: Db, channel: { name: string; type: string; isRestricted: boolean }) => Promise<void> = async () => {},
): Promise<boolean> {
  for (const id of await threadIdsOf(db, channelId)) await deleteChannel(db, id);
  for (let ids = await someMessages(db, channelId); ids.length > 0;) {
    for (const table of ofMessages) await deleteInPortions(db, table, among(db, sql.ref<number>("message_id"), ids));
    await db.transaction().execute((trx) => deleteMessages(trx, ids));
    ids = ids.length < messagesPerStatement ? [] : await someMessages(db, channelId);
  }
  await deleteInPortions(db, "read_states", sql<boolean>`channel_id = ${channelId}`);
  return db.transaction().execute(async (trx) => {
    const row = await deleteRow(trx, channelId);
    if (!row) return false;
    const isRestricted = row.restricted === 1;
    await trx.updateTable("channels").set({ category_id: null }).where("category_id", "=", channelId).execute();
    await also(trx, { name: row.name, type: row.type, isRestricted });
    return isRestricted;
  });
}

/** With the messages and threads that came since the portions were deleted. */
async function deleteRow(trx: Db, channelId: number) {
  for (const id of await threadIdsOf(trx, channelId)) await deleteRow(trx, id);
  for (let ids = await someMessages(trx, channelId); ids.length > 0; ids = await someMessages(trx, channelId))
    await deleteMessages(trx, ids);
  const row = await trx
    .deleteFrom("channels")
    .where("id", "=", channelId)
    .returning(["seq", "restricted", "name", "type", "picture"])
    .executeTakeFirst();
  if (row?.picture) await deletePictures(trx, [row.picture]);
  if (row) await retirePositions(trx, row.seq);
  return row;
}

async function someMessages(db: Db, channelId: number): Promise<number[]> {
  const messages = db.selectFrom("messages").where("channel_id", "=", channelId).select("id");
  return (await messages.limit(messagesPerStatement).execute()).map((row) => row.id);
}

async function deleteMessages(trx: Db, ids: readonly number[]): Promise<void> {
  await deleteAttachmentsOf(trx, ids);
  await trx.deleteFrom("messages").where("id", "in", ids).execute();
}
