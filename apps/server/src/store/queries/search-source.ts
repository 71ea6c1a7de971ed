import type { SearchDb } from "../search/tables.ts";

const columns = [
  "m.id",
  "m.channel_id",
  "c.server_id",
  "c.parent_id",
  "m.author_id",
  "m.content",
  "m.deleted_at",
  "m.edited_at",
] as const;

export type SourceRow = Awaited<ReturnType<typeof messagesBelow>>[number];

/** Channels whose log is ahead of the index. */
export function channelsBehind(search: SearchDb, limit: number) {
  return search
    .selectFrom("channels as c")
    .leftJoin("search_positions as p", "p.channel_id", "c.id")
    .where((eb) => eb("c.seq", ">", eb.fn.coalesce("p.seq", eb.val(0))))
    .select((eb) => ["c.id", "c.seq", eb.fn.coalesce("p.seq", eb.val(0)).as("indexed")])
    .limit(limit)
    .execute();
}

/** At most `limit` messages of the channel that changed after the position, in the order of their changes. */
export function changedMessages(search: SearchDb, channelId: number, after: number, limit: number) {
  return search
    .selectFrom("messages as m")
    .innerJoin("channels as c", "c.id", "m.channel_id")
    .where("m.channel_id", "=", channelId)
    .where("m.updated_seq", ">", after)
    .select([...columns, "m.seq", "m.updated_seq"])
    .orderBy("m.updated_seq")
    .limit(limit)
    .execute();
}

/** The `limit` newest messages with ids below. */
export function messagesBelow(search: SearchDb, id: number, limit: number) {
  return search
    .selectFrom("messages as m")
    .innerJoin("channels as c", "c.id", "m.channel_id")
    .where("m.id", "<", id)
    .select([...columns, "m.seq", "m.updated_seq"])
    .orderBy("m.id", "desc")
    .limit(limit)
    .execute();
}

/** Files and mentions of messages. */
export async function partsOf(search: SearchDb, messageIds: readonly number[]) {
  if (messageIds.length === 0) return { files: new Map<number, never>(), mentions: new Map<number, never>() };
  const files = await search
    .selectFrom("attachments")
    .where("message_id", "in", messageIds)
    .select(["message_id", "filename", "content_type"])
    .execute();
  const mentions = await search
    .selectFrom("mentions")
    .where("message_id", "in", messageIds)
    .select(["message_id", "user_id"])
    .execute();
  return {
    files: Map.groupBy(files, (row) => row.message_id ?? 0),
    mentions: Map.groupBy(mentions, (row) => row.message_id),
  };
}

/** The position of every channel, and an id above those of all messages. */
export async function startOfRebuild(search: SearchDb) {
  const channels = await search.selectFrom("channels").select(["id", "seq"]).execute();
  const last = await search.selectFrom("messages").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return {
    positions: channels.map(({ id, seq }) => ({ channelId: id, seq })),
    remainingBelow: (last?.id ?? 0) + 1,
  };
}

/** Channels that are in the index and no longer exist. */
export async function lostChannels(search: SearchDb, limit: number): Promise<number[]> {
  const rows = await search
    .selectFrom("search_positions as p")
    .leftJoin("channels as c", "c.id", "p.channel_id")
    .where("c.id", "is", null)
    .select("p.channel_id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.channel_id);
}

/** Positions that the index has not reached, over all channels. */
export async function positionsBehind(search: SearchDb): Promise<number> {
  const row = await search
    .selectFrom("channels as c")
    .leftJoin("search_positions as p", "p.channel_id", "c.id")
    .where((eb) => eb("c.seq", ">", eb.fn.coalesce("p.seq", eb.val(0))))
    .select((eb) =>
      eb.fn.sum<string | number | null>(eb("c.seq", "-", eb.fn.coalesce("p.seq", eb.val(0)))).as("behind"),
    )
    .executeTakeFirst();
  return Number(row?.behind ?? 0);
}
