import type { History, Message, Pins } from "@miscord/protocol";
import { sql, type Kysely, type Transaction } from "kysely";
import { AppError } from "../../errors.ts";
import type { HistoryPage } from "../contract.ts";
import type { MessageRow, Tables } from "../schema.ts";
import { presentRows } from "./present-rows.ts";
import { snapshot as inSnapshot } from "./snapshot.ts";

type Snapshot = Transaction<Tables>;

/** Changes of which it is not asked how long they are before they are read. */
const fewChanges = 5;

/** See ChannelLog.changesSince. */
export function changesSince(
  db: Kysely<Tables>,
  channelId: number,
  afterSeq: number,
  { limit, bytes }: { limit: number; bytes: number | undefined },
): Promise<{ seq: number; changes: Message[] | null }> {
  return inSnapshot(db, async (snapshot) => {
    const channel = await findChannel(snapshot, channelId);
    const { seq } = channel;
    if (afterSeq > seq) return { seq, changes: null };
    if (afterSeq === seq) return { seq, changes: [] };
    const changed = snapshot
      .selectFrom("messages")
      .where("channel_id", "=", channelId)
      .where("updated_seq", ">", afterSeq)
      .orderBy("updated_seq")
      .limit(limit + 1);
    if (bytes !== undefined && seq - afterSeq > fewChanges) {
      const found = await snapshot
        .selectFrom(changed.select(textBytes.as("bytes")).as("changed"))
        .select(({ fn }) => [fn.countAll<number>().as("count"), fn.sum<number | null>("changed.bytes").as("bytes")])
        .executeTakeFirstOrThrow();
      if (found.count > limit || (found.bytes ?? 0) > bytes) return { seq, changes: null };
    }
    const rows = await changed.selectAll().execute();
    if (rows.length > limit) return { seq, changes: null };
    return { seq, changes: await presentRows(snapshot, rows, () => channel.server_id) };
  });
}

/** Of all texts of a message that may be long. */
const textBytes = sql<number>`octet_length(messages.content) + coalesce(octet_length(messages.webhook), 0)
  + coalesce(octet_length(messages.previews), 0)
  + coalesce((select octet_length(forwards.content) from forwards where forwards.message_id = messages.id), 0)`;

/** See ChannelLog.history. */
export function history(db: Kysely<Tables>, channelId: number, page: HistoryPage): Promise<History> {
  return inSnapshot(db, async (snapshot) => {
    const channel = await findChannel(snapshot, channelId);
    const { rows, has_more, has_newer } = await readPage(snapshot, channelId, page);
    const messages = await presentRows(snapshot, rows, () => channel.server_id);
    return { messages, has_more, has_newer, seq: channel.seq };
  });
}

/** See ChannelLog.message. */
export function message(db: Kysely<Tables>, messageId: number): Promise<Message | null> {
  return inSnapshot(db, async (snapshot) => {
    const row = await snapshot.selectFrom("messages").selectAll().where("id", "=", messageId).executeTakeFirst();
    if (!row) return null;
    const channel = await findChannel(snapshot, row.channel_id);
    const [found] = await presentRows(snapshot, [row], () => channel.server_id);
    return found ?? null;
  });
}

async function findChannel(snapshot: Snapshot, channelId: number): Promise<{ server_id: number | null; seq: number }> {
  const channel = await snapshot
    .selectFrom("channels")
    .select(["server_id", "seq"])
    .where("id", "=", channelId)
    .executeTakeFirst();
  if (!channel) throw new AppError("not_found", "There is no such channel.");
  return channel;
}

export async function channelIdOf(db: Kysely<Tables>, messageId: number): Promise<number | undefined> {
  const row = await db.selectFrom("messages").where("id", "=", messageId).select("channel_id").executeTakeFirst();
  return row?.channel_id;
}

/** The channel's pinned messages, the latest pin first, with the channel's position. */
export function pinnedMessages(db: Kysely<Tables>, channelId: number): Promise<Pins> {
  return inSnapshot(db, async (snapshot) => {
    const channel = await findChannel(snapshot, channelId);
    const rows = await snapshot
      .selectFrom("messages")
      .selectAll()
      .where("channel_id", "=", channelId)
      .where("pinned_at", "is not", null)
      .orderBy("pinned_at", "desc")
      .orderBy("id", "desc")
      .execute();
    return { messages: await presentRows(snapshot, rows, () => channel.server_id), seq: channel.seq };
  });
}

interface Page {
  /** Oldest first. */
  rows: MessageRow[];
  has_more: boolean;
  has_newer: boolean;
}

async function readPage(snapshot: Snapshot, channelId: number, page: HistoryPage): Promise<Page> {
  const { limit } = page;
  if ("after" in page) {
    const seq = await seqOf(snapshot, channelId, page.after);
    const newer = await readStretch(snapshot, channelId, { above: seq }, limit);
    return { rows: newer.rows, has_newer: newer.hasMore, has_more: await hasAny(snapshot, channelId, { upTo: seq }) };
  }
  if ("around" in page || "aroundSeq" in page) {
    const seq = "aroundSeq" in page ? page.aroundSeq : await seqOf(snapshot, channelId, page.around);
    const older = await readStretch(snapshot, channelId, { upTo: seq }, Math.ceil(limit / 2));
    const newer = await readStretch(snapshot, channelId, { above: seq }, Math.floor(limit / 2));
    return { rows: [...older.rows, ...newer.rows], has_more: older.hasMore, has_newer: newer.hasMore };
  }
  if (page.before === undefined) {
    const newest = await readStretch(snapshot, channelId, { upTo: Number.MAX_SAFE_INTEGER }, limit);
    return { rows: newest.rows, has_more: newest.hasMore, has_newer: false };
  }
  const seq = (await seqOf(snapshot, channelId, page.before)) - 1;
  const older = await readStretch(snapshot, channelId, { upTo: seq }, limit);
  return { rows: older.rows, has_more: older.hasMore, has_newer: await hasAny(snapshot, channelId, { above: seq }) };
}

/** Finds tombstones too, so that paging continues from a message that was deleted meanwhile. */
async function seqOf(snapshot: Snapshot, channelId: number, messageId: number): Promise<number> {
  const row = await snapshot
    .selectFrom("messages")
    .select("seq")
    .where("id", "=", messageId)
    .where("channel_id", "=", channelId)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such message.");
  return row.seq;
}

type Stretch = { upTo: number } | { above: number };

/** The messages next to the position, oldest first, and whether there are more in that direction. */
async function readStretch(snapshot: Snapshot, channelId: number, stretch: Stretch, limit: number) {
  const found = await visible(snapshot, channelId, stretch)
    .selectAll()
    .orderBy("seq", "upTo" in stretch ? "desc" : "asc")
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit);
  return { rows: "upTo" in stretch ? rows.toReversed() : rows, hasMore: found.length > limit };
}

async function hasAny(snapshot: Snapshot, channelId: number, stretch: Stretch): Promise<boolean> {
  return (await visible(snapshot, channelId, stretch).select("id").limit(1).executeTakeFirst()) !== undefined;
}

function visible(snapshot: Snapshot, channelId: number, stretch: Stretch) {
  const messages = snapshot.selectFrom("messages").where("channel_id", "=", channelId).where("deleted_at", "is", null);
  return "upTo" in stretch ? messages.where("seq", "<=", stretch.upTo) : messages.where("seq", ">", stretch.above);
}

/**
 * The first undeleted message sent at the time or later, or else the last one. Positions rise with time, so that it is found
 * in them by halving, without an index of times.
 */
export async function messageAtTime(db: Kysely<Tables>, channelId: number, time: number): Promise<number | undefined> {
  const messages = db
    .selectFrom("messages")
    .where("channel_id", "=", channelId)
    .where("deleted_at", "is", null)
    .select(["id", "seq", "created_at"]);
  const last = await messages.orderBy("seq", "desc").limit(1).executeTakeFirst();
  if (!last || last.created_at < time) return last?.id;
  const from = (seq: number) => messages.where("seq", ">=", seq).orderBy("seq").limit(1).executeTakeFirst();
  let [low, high] = [0, last.seq];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = await from(middle);
    if (next && next.created_at < time) low = next.seq + 1;
    else high = middle;
  }
  return (await from(low))?.id ?? last.id;
}

/** A place in what somebody wrote: the message, and when it was sent. */
export interface WrittenMark {
  id: number;
  created_at: number;
}

/**
 * Undeleted messages by the author, sent in the time and after the mark, in the order of time, at most `limit`; `is_in` is 1 for
 * those in the server, or without one for all.
 */
export function messagesBy(
  db: Kysely<Tables>,
  find: {
    authorId: number;
    serverId?: number;
    since: number;
    until: number;
    after: WrittenMark | undefined;
    limit: number;
  },
): Promise<(WrittenMark & { is_in: number })[]> {
  const { authorId, serverId, since, until, after, limit } = find;
  const isIn =
    serverId === undefined
      ? sql<number>`1`
      : sql<number>`(select count(*) from channels where channels.id = messages.channel_id and channels.server_id = ${serverId})`;
  return db
    .selectFrom("messages")
    .where("messages.author_id", "=", authorId)
    .where("messages.deleted_at", "is", null)
    .where("messages.created_at", ">=", after?.created_at ?? since)
    .where("messages.created_at", "<=", until)
    .$if(after !== undefined, (query) =>
      query.where((is) =>
        is.or([is("messages.created_at", ">", after!.created_at), is("messages.id", ">", after!.id)]),
      ),
    )
    .orderBy("messages.created_at")
    .orderBy("messages.id")
    .limit(limit)
    .select(["messages.id", "messages.created_at", isIn.as("is_in")])
    .execute();
}

/** Those of the ids that are undeleted messages of the channel, ascending. */
export async function messageIdsIn(db: Kysely<Tables>, channelId: number, ids: readonly number[]): Promise<number[]> {
  const rows = await db
    .selectFrom("messages")
    .where("id", "in", ids)
    .where("channel_id", "=", channelId)
    .where("deleted_at", "is", null)
    .orderBy("id")
    .select("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Those of the messages that address everyone, those online or roles. */
export async function messagesToGroups(db: Kysely<Tables>, ids: readonly number[]): Promise<number[]> {
  const rows = await db
    .selectFrom("messages")
    .where("id", "in", ids)
    .where((is) => is.or([is("mentions_everyone", "!=", 0), is("mention_roles", "is not", null)]))
    .select("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Whether the author has sent a message with this nonce, wherever. */
export async function hasNonce(db: Kysely<Tables>, authorId: number, nonce: string): Promise<boolean> {
  const found = await db
    .selectFrom("messages")
    .where("author_id", "=", authorId)
    .where("nonce", "=", nonce)
    .select("id")
    .executeTakeFirst();
  return found !== undefined;
}
