import { limits, type ListedThread, type NotificationSetting, type Thread, type ThreadState } from "@miscord/protocol";
import { sql, type Expression, type Kysely, type NotNull, type Selectable, type SqlBool } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import type { ChannelsTable, Tables } from "../schema.ts";
import { isArchived } from "../thread-state.ts";
import { isHidden } from "./blocks.ts";
import { ownSetting } from "./notification-levels.ts";
import { unreadIn } from "./unread.ts";
import { followedThreads } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/** Columns of `channels` that threads have; some are null in other rows only. */
export const threadColumns = [
  "id",
  "server_id",
  "parent_id",
  "name",
  "owner_id",
  "starter_id",
  "created_at",
  "active_at",
  "archive_after_s",
  "archived",
  "locked",
  "last_message_seq",
  "type",
  "pinned_at",
] as const;
type Row = Pick<Selectable<ChannelsTable>, (typeof threadColumns)[number]> & { tags: string | null };

/** The tags of the row of `channels`, or of a table of that shape, as one text; null without any. */
export function tagsOf(channels: string) {
  return sql<string | null>`(select string_agg(pt.tag_id || '', ',') from post_tags pt
    where pt.channel_id = ${sql.ref(`${channels}.id`)})`.as("tags");
}

export function presentThread(row: Row, now: number): Thread {
  return {
    id: row.id,
    server_id: row.server_id ?? 0,
    parent_id: row.parent_id ?? 0,
    type: "thread",
    name: row.name,
    owner_id: row.owner_id ?? 0,
    message_id: row.starter_id,
    created_at: isoTime(row.created_at),
    archive_after_s: row.archive_after_s as Thread["archive_after_s"],
    archived: isArchived(row, now),
    locked: row.locked === 1,
    ...(row.type === "post" && { tags: parseTags(row.tags) }),
    ...(row.pinned_at !== null && { pinned_at: isoTime(row.pinned_at) }),
  };
}

function parseTags(text: string | null): number[] {
  return (text?.split(",") ?? []).map(Number).toSorted((a, b) => a - b);
}

/** Undefined when there is no such thread. */
export async function threadById(db: Db, threadId: number, now: number): Promise<Thread | undefined> {
  const row = await rowOf(db, threadId);
  return row && presentThread(row, now);
}

function rowOf(db: Db, threadId: number): Promise<Row | undefined> {
  return db
    .selectFrom("channels")
    .where("id", "=", threadId)
    .where("parent_id", "is not", null)
    .select(threadColumns)
    .select(tagsOf("channels"))
    .executeTakeFirst();
}

type Settings = ReadonlyMap<string, NotificationSetting>;

/** The thread as the user has it, who may see it; undefined when there is no such thread. */
export async function threadState(
  db: Db,
  userId: number,
  threadId: number,
  { settings, now }: { settings: Settings; now: number },
): Promise<ThreadState | undefined> {
  const row = await rowOf(db, threadId);
  if (!row) return undefined;
  const [unread] = await unreadIn(db, threadId, [userId]);
  return {
    ...presentThread(row, now),
    is_following: await isFollowing(db, threadId, userId),
    last_message_seq: row.last_message_seq,
    read_seq: unread?.readSeq ?? 0,
    ...(unread?.generation ? { read_generation: unread.generation } : {}),
    mention_count: unread?.mentions ?? 0,
    ...ownSetting(settings, `channel:${threadId}`),
  };
}

/** Those that the user follows and that are not archived, in one server or in all, but for mentions and settings. */
export async function activeFollowed(
  db: Db,
  userId: number,
  { only, now }: { only: number | undefined; now: number },
): Promise<ThreadState[]> {
  const rows = await db
    .selectFrom(followedThreads(db, [userId]))
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.channel_id", "=", "visible.id").onRef("read_states.user_id", "=", "visible.viewer_id"),
    )
    .$if(only !== undefined, (query) => query.where("visible.server_id", "=", only!))
    .where(isActive("visible", now))
    .orderBy("visible.id")
    .select(threadColumns.map((column) => `visible.${column}` as const))
    .select(["read_states.seq as read_seq", "read_states.generation as read_generation", tagsOf("visible")])
    .execute();
  return rows.map((row) => ({
    ...presentThread(row, now),
    is_following: true,
    last_message_seq: row.last_message_seq,
    read_seq: row.read_seq ?? 0,
    ...(row.read_generation ? { read_generation: row.read_generation } : {}),
    mention_count: 0,
  }));
}

/** `isArchived` in SQL, turned round. */
function isActive(channels: string, now: number): Expression<SqlBool> {
  const of = (column: string) => sql.ref<number>(`${channels}.${column}`);
  return sql<boolean>`(${of("archived")} = 0 and ${of("active_at")} + ${of("archive_after_s")} * 1000 > ${now})`;
}

/** A thread that a user follows, with what its events are subscribed by. */
export interface Followed {
  readonly userId: number;
  readonly id: number;
  readonly server_id: number;
  readonly parent_id: number;
}

/** The threads that these users follow and may see, without archived ones. */
export const threadsFollowedBy = compiledOnce<[userIds: readonly number[], now: number], Followed>((db, userIds, now) =>
  db
    .selectFrom(followedThreads(db, userIds))
    .where(isActive("visible", now))
    .select(["visible.viewer_id as userId", "visible.id", "visible.server_id", "visible.parent_id"])
    .$narrowType<{ parent_id: NotNull }>(),
);

export interface ThreadsPage {
  archived: boolean;
  cursor?: string | undefined;
  limit: number;
}

/** The longest that `archive_after_s` may be. */
const longestActiveMs = 7 * 86_400_000;

/**
 * Threads of the channel, the latest activity first, without those of people whom the user hides, and without posts whose first
 * message is not there yet.
 */
export async function listThreads(
  db: Db,
  userId: number,
  parentId: number,
  { archived, cursor, limit, now, settings }: ThreadsPage & { now: number; settings: Settings },
): Promise<{ threads: ListedThread[]; cursor: string | null }> {
  const [activeAt = 0, id = 0] = (cursor ?? "").split("-").map(Number);
  const found = await db
    .selectFrom("channels")
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.channel_id", "=", "channels.id").on("read_states.user_id", "=", userId),
    )
    .leftJoin("thread_followers as f", (join) =>
      join.onRef("f.channel_id", "=", "channels.id").on("f.user_id", "=", userId),
    )
    .where("channels.parent_id", "=", parentId)
    .where((where) => where.or([where("channels.type", "!=", "post"), where("channels.last_message_seq", ">", 0)]))
    .where((where) => (archived ? where.not(isActive("channels", now)) : isActive("channels", now)))
    // So that the index, and not each thread that there ever was, says which those are.
    .$if(!archived, (query) => query.where("channels.active_at", ">", now - longestActiveMs))
    .where((where) => where.not(isHidden(where.val(userId), where.fn.coalesce("channels.owner_id", where.val(0)))))
    .$if(cursor !== undefined, (query) =>
      query.where((where) =>
        where(where.refTuple("channels.active_at", "channels.id"), "<", where.tuple(activeAt, id)),
      ),
    )
    .orderBy("channels.active_at", "desc")
    .orderBy("channels.id", "desc")
    .limit(limit + 1)
    .select(threadColumns.map((column) => `channels.${column}` as const))
    .select(["read_states.seq as read_seq", "read_states.generation as read_generation", "f.user_id as follower_id"])
    .select([messageCount.as("message_count"), tagsOf("channels")])
    .execute();
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    threads: rows.map((row) => ({
      ...presentThread(row, now),
      is_following: row.follower_id !== null,
      last_message_seq: row.last_message_seq,
      read_seq: row.read_seq ?? 0,
      ...(row.read_generation ? { read_generation: row.read_generation } : {}),
      mention_count: 0,
      message_count: row.message_count,
      active_at: isoTime(row.active_at ?? 0),
      ...ownSetting(settings, `channel:${row.id}`),
    })),
    cursor: found.length > limit && last ? `${last.active_at}-${last.id}` : null,
  };
}

/** Counted up to a limit: a thread may have as many messages as a channel. */
const messageCount = sql<number>`(select count(*) from (select 1 from messages
  where messages.channel_id = channels.id and messages.deleted_at is null limit ${sql.lit(limits.threadCountMax)}) counted)`;

interface NewThread {
  serverId: number;
  parentId: number;
  /** In a forum. */
  isPost?: boolean;
  name: string;
  ownerId: number;
  starterId: number | null;
  archiveAfterS: number;
  now: number;
}

/** Returns its id. */
export async function insertThread(db: Db, thread: NewThread): Promise<number> {
  const { id } = await db
    .insertInto("channels")
    .values({
      server_id: thread.serverId,
      parent_id: thread.parentId,
      name: thread.name,
      type: thread.isPost ? "post" : "thread",
      position: 0,
      category_id: null,
      created_at: thread.now,
      active_at: thread.now,
      owner_id: thread.ownerId,
      starter_id: thread.starterId,
      archive_after_s: thread.archiveAfterS,
      restricted: 1,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateThread(
  db: Db,
  threadId: number,
  fields: Partial<Pick<Row, "name" | "archive_after_s" | "archived" | "locked" | "active_at" | "pinned_at">>,
): Promise<void> {
  await db
    .updateTable("channels")
    .set(fields)
    .set((row) => ({ revision: row("revision", "+", 1) }))
    .where("id", "=", threadId)
    .execute();
}

/** Whether the message of the channel exists and is not deleted, and the thread that was started from it. */
export async function starterOf(
  db: Db,
  parentId: number,
  messageId: number,
): Promise<{ threadId: number | null } | undefined> {
  return db
    .selectFrom("messages")
    .leftJoin("channels", "channels.starter_id", "messages.id")
    .where("messages.id", "=", messageId)
    .where("messages.channel_id", "=", parentId)
    .where("messages.deleted_at", "is", null)
    .select("channels.id as threadId")
    .executeTakeFirst();
}

/** Number of the server's threads. */
export async function countThreads(db: Db, serverId: number): Promise<number> {
  const { count } = await db
    .selectFrom("channels")
    .where("server_id", "=", serverId)
    .where("parent_id", "is not", null)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

export async function follow(db: Db, threadId: number, userId: number): Promise<void> {
  await db
    .insertInto("thread_followers")
    .values({ channel_id: threadId, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function unfollow(db: Db, threadId: number, userId: number): Promise<void> {
  await db.deleteFrom("thread_followers").where("channel_id", "=", threadId).where("user_id", "=", userId).execute();
}

async function isFollowing(db: Db, threadId: number, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom("thread_followers")
    .where("channel_id", "=", threadId)
    .where("user_id", "=", userId)
    .select("user_id")
    .executeTakeFirst();
  return row !== undefined;
}

export async function followersOf(db: Db, threadId: number): Promise<number[]> {
  const rows = await db.selectFrom("thread_followers").where("channel_id", "=", threadId).select("user_id").execute();
  return rows.map((row) => row.user_id);
}

export async function countFollowers(db: Db, threadId: number): Promise<number> {
  const row = await db
    .selectFrom("thread_followers")
    .where("channel_id", "=", threadId)
    .select((select) => select.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function threadIdsOf(db: Db, parentId: number): Promise<number[]> {
  const rows = await db.selectFrom("channels").where("parent_id", "=", parentId).select("id").execute();
  return rows.map((row) => row.id);
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
