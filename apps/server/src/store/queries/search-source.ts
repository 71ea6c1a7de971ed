import { sql, type RawBuilder } from "kysely";
import { among, listOf } from "../among.ts";
import { compiledOnce } from "../compiled-once.ts";
import type { SearchDb } from "../search/tables.ts";
import { dialectOf } from "../sql-dialect.ts";

const columns = [
  "m.id",
  "m.channel_id",
  "c.server_id",
  "c.parent_id",
  "m.author_id",
  "m.content",
  "m.deleted_at",
  "m.call_ms",
  "m.edited_at",
] as const;

export type SourceRow = Awaited<ReturnType<typeof messagesBelow>>[number];

/** Channels whose log is ahead of the index. */
export const channelsBehind = compiledOnce((search: SearchDb, limit: number) =>
  search
    .selectFrom("channels as c")
    .leftJoin("search_positions as p", "p.channel_id", "c.id")
    .where((eb) => eb("c.seq", ">", eb.fn.coalesce("p.seq", eb.val(0))))
    .select((eb) => ["c.id", "c.seq", eb.fn.coalesce("p.seq", eb.val(0)).as("indexed")])
    .limit(limit),
);

/** Positions of a channel's log, after `from` up to `to`. */
export interface Stretch {
  readonly channelId: number;
  readonly from: number;
  readonly to: number;
}

/** The messages that were sent in these stretches, or whose latest changes are in them. */
export function changedMessages(search: SearchDb, stretches: readonly Stretch[]): Promise<SourceRow[]> {
  const rows = stretches.map(({ channelId, from, to }) => [channelId, from, to]);
  const wanted =
    dialectOf(search) === "sqlite"
      ? sql`(select value ->> 0 as channel_id, value ->> 1 as after, value ->> 2 as upto from json_each(${JSON.stringify(rows)}))`
      : sql`(select w.* from unnest(${rows.map((row) => row[0])}::bigint[], ${rows.map((row) => row[1])}::bigint[],
          ${rows.map((row) => row[2])}::bigint[]) as w (channel_id, after, upto))`;
  // In this order SQLite looks into an index of messages once for each stretch.
  const rowsWhere = (condition: RawBuilder<unknown>) => sql`
    select ${sql.join([...columns, "m.seq", "m.updated_seq"].map((name) => sql.ref(name)))}
    from ${wanted} as w cross join messages as m cross join channels as c
    where m.channel_id = w.channel_id and c.id = m.channel_id and ${condition}`;
  const found = sql<SourceRow>`(${rowsWhere(sql`m.updated_seq > w.after and m.updated_seq <= w.upto`)} union all
    ${rowsWhere(sql`m.seq > w.after and m.seq <= w.upto and m.updated_seq > w.upto`)})`;
  return search.selectFrom(found.as("found")).selectAll().execute();
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

/** What messages say beside their own text, by their ids: files, what they forward, answers of polls. */
export async function textsBeside(search: SearchDb, messageIds: readonly number[]) {
  const ids = listOf(search, messageIds);
  const [files, forwards, polls] = await Promise.all([
    filesBeside(search, ids),
    forwardsBeside(search, ids),
    pollsBeside(search, ids),
  ]);
  const filesOf = Map.groupBy(files, (file) => file.message_id ?? 0);
  const forwardOf = new Map(forwards.map((row) => [row.message_id, row.content]));
  const answersOf = new Map(polls.map((row) => [row.message_id, JSON.parse(row.answers) as string[]]));
  return (id: number) => ({
    files: filesOf.get(id) ?? [],
    forwarded: forwardOf.get(id) ?? null,
    answers: answersOf.get(id) ?? [],
  });
}

const filesBeside = compiledOnce((search: SearchDb, ids: string) =>
  search
    .selectFrom("attachments")
    .where((eb) => among(search, eb.ref("message_id"), ids))
    .select(["message_id", "filename", "content_type"]),
);

const forwardsBeside = compiledOnce((search: SearchDb, ids: string) =>
  search
    .selectFrom("forwards")
    .where((eb) => among(search, eb.ref("message_id"), ids))
    .select(["message_id", "content"]),
);

const pollsBeside = compiledOnce((search: SearchDb, ids: string) =>
  search
    .selectFrom("polls")
    .where((eb) => among(search, eb.ref("message_id"), ids))
    .select(["message_id", "answers"]),
);

/** Other texts and mentions of messages, and of conversations of two their people by channel. */
export async function partsOf(search: SearchDb, rows: readonly SourceRow[]) {
  const messageIds = rows.map((row) => row.id);
  const privateIds = [...new Set(rows.flatMap((row) => (row.server_id === null ? [row.channel_id] : [])))];
  const texts = await textsBeside(search, messageIds);
  const mentions = await search
    .selectFrom("mentions")
    .where((eb) => among(search, eb.ref("message_id"), messageIds))
    .where("through_group", "=", 0)
    .select(["message_id", "user_id"])
    .execute();
  const people = await search
    .selectFrom("recipients")
    .innerJoin("channels", "channels.id", "recipients.channel_id")
    .where("channels.type", "=", "dm")
    .where((eb) => among(search, eb.ref("recipients.channel_id"), privateIds))
    .select(["recipients.channel_id", "recipients.user_id"])
    .execute();
  return {
    texts,
    mentions: Map.groupBy(mentions, (row) => row.message_id),
    people: Map.groupBy(people, (row) => row.channel_id),
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
  return (await lostRows(search, limit)).map((row) => row.channel_id);
}

const lostRows = compiledOnce((search: SearchDb, limit: number) =>
  search
    .selectFrom("search_positions as p")
    .leftJoin("channels as c", "c.id", "p.channel_id")
    .where("c.id", "is", null)
    .select("p.channel_id")
    .limit(limit),
);

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
