import type { Message } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { among, listOf } from "../among.ts";
import { compiledOnce } from "../compiled-once.ts";
import type { Tables } from "../schema.ts";
import type { SearchDb } from "../search/tables.ts";
import { presentRows } from "./present-rows.ts";
import { ignored } from "./private-channels.ts";
import { textsBeside } from "./search-source.ts";
import { snapshot } from "./snapshot.ts";
import { canSeeChannel, visibleChannels } from "./visible-channels.ts";

/** Ids and servers of the channels that the user may see, of one server or of all. */
export function searchableChannels(search: SearchDb, userId: number, serverId: number | undefined) {
  const visible = search.selectFrom(visibleChannels(search, [userId])).select(["visible.id", "visible.server_id"]);
  return (serverId === undefined ? visible : visible.where("visible.server_id", "=", serverId)).execute();
}

/** The user's private channels. */
export function ownPrivateChannels(search: SearchDb, userId: number) {
  return search
    .selectFrom("recipients")
    .innerJoin("channels", "channels.id", "recipients.channel_id")
    .where("recipients.user_id", "=", userId)
    .where("recipients.request", "!=", ignored)
    .select(["channels.id", "channels.type"])
    .execute();
}

/** Those of servers. */
export async function countChannels(search: SearchDb): Promise<number> {
  const row = await search
    .selectFrom("channels")
    .where("server_id", "is not", null)
    .where("parent_id", "is", null)
    .select((eb) => eb.fn.countAll<string | number>().as("count"))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Ids of channels of the servers that the user may not see. */
export async function hiddenChannels(
  search: SearchDb,
  userId: number,
  serverIds: readonly number[],
): Promise<number[]> {
  const rows = await search
    // Another name than in the condition, which would otherwise compare a channel with itself.
    .selectFrom("channels as c")
    .where((eb) => among(search, eb.ref("c.server_id"), serverIds))
    .where("c.restricted", "=", sql.lit(1))
    .where("c.parent_id", "is", null)
    .where((eb) => eb.not(canSeeChannel(search, eb.val(userId), eb.ref("c.id"))))
    .select("c.id")
    .execute();
  return rows.map((row) => row.id);
}

/**
 * The messages among these that are not deleted, with what decides whether they match; only those that mention the user,
 * if there is one.
 */
export async function candidates(search: SearchDb, ids: readonly number[], mentioned: number | undefined) {
  const list = listOf(search, ids);
  const [rows, texts] = await Promise.all([
    mentioned === undefined ? undeleted(search, list) : undeletedMentioning(search, list, mentioned),
    textsBeside(search, ids),
  ]);
  return rows.map((row) => ({ ...row, ...texts(row.id) }));
}

const undeleted = compiledOnce((search: SearchDb, ids: string) => selectUndeleted(search, ids));

const undeletedMentioning = compiledOnce((search: SearchDb, ids: string, mentioned: number) =>
  selectUndeleted(search, ids)
    .innerJoin("mentions", "mentions.message_id", "messages.id")
    .where("mentions.user_id", "=", mentioned)
    .where("mentions.through_group", "=", 0),
);

function selectUndeleted(search: SearchDb, ids: string) {
  return search
    .selectFrom("messages")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .where((eb) => among(search, eb.ref("messages.id"), ids))
    .where("messages.deleted_at", "is", null)
    .select(["messages.id", "messages.channel_id", "channels.parent_id", "messages.author_id"])
    .select(["messages.content", "messages.created_at"]);
}

/** The messages as they are now, of those that the user may see now. */
export function hits(search: Kysely<Tables>, userId: number, ids: readonly number[]): Promise<Map<number, Message>> {
  return snapshot(search, async (trx) => {
    const rows = await seenMessages(trx, listOf(trx, ids), userId);
    const messages = await presentRows(trx, rows, (row) => row.server_id);
    return new Map(messages.map((message) => [message.id, message]));
  });
}

const seenMessages = compiledOnce((db, ids: string, userId: number) =>
  db
    .selectFrom("messages")
    .where((eb) => among(db, eb.ref("messages.id"), ids))
    .where("messages.deleted_at", "is", null)
    .where((eb) => canSeeChannel(db, eb.val(userId), eb.ref("messages.channel_id")))
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .selectAll("messages")
    .select("channels.server_id"),
);

/** The lowest id of a message sent at the time or later, as far as ids follow the time; by bisection below `last` + 1. */
export async function firstIdAt(search: SearchDb, time: number, last: number): Promise<number> {
  const middle = sql`(low + high) / 2`;
  const isLate = sql`coalesce((select created_at from messages where id >= ${middle} order by id limit 1)
    >= cast(${time} as bigint), 1 = 1)`;
  const found = await search
    .selectFrom(
      sql<{ id: number }>`(with recursive halves (low, high) as (
        select cast(0 as bigint), cast(${last + 1} as bigint)
        union all select case when ${isLate} then low else ${middle} + 1 end, case when ${isLate} then ${middle} else high end
          from halves where low < high
      ) select low as id from halves where low >= high limit 1)`.as("found"),
    )
    .select("id")
    .executeTakeFirstOrThrow();
  return found.id;
}

/** The highest id of a message; 0 without any. */
export async function lastId(search: SearchDb): Promise<number> {
  const row = await search.selectFrom("messages").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

/** Ids of the pinned messages in these channels and their threads, the highest first. */
export async function pinnedIds(
  search: SearchDb,
  channelIds: readonly number[],
  { before, from, limit }: { before: number; from: number; limit: number },
): Promise<number[]> {
  const rows = await search
    .selectFrom("messages")
    .where("messages.pinned_at", "is not", null)
    // Not a join, with which SQLite reads all messages, the newest first, instead of the index of pins.
    .where("messages.channel_id", "in", (eb) =>
      eb
        .selectFrom("channels")
        .where((channel) =>
          channel.or([
            among(search, channel.ref("channels.id"), channelIds),
            among(search, channel.ref("channels.parent_id"), channelIds),
          ]),
        )
        .select("channels.id"),
    )
    .where("messages.id", "<", before)
    .where("messages.id", ">=", from)
    .select("messages.id")
    .orderBy("messages.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
