import { previewText, type ListedPost, type Post, type PostOrder } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { parseForum, type StoredForum } from "../forum-settings.ts";
import { presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { isHidden } from "./blocks.ts";
import { presentThread, tagsOf, threadColumns } from "./threads.ts";

type Db = Kysely<Tables>;

/** Posts with what their list shows of them. Those whose first message is not sent yet are not there. */
function postRows(db: Db) {
  return db
    .selectFrom("channels")
    .innerJoin("users", "users.id", "channels.owner_id")
    .leftJoin("messages as first", (join) =>
      join.onRef("first.channel_id", "=", "channels.id").on("first.seq", "=", sql.lit(1)),
    )
    .where("channels.type", "=", "post")
    .where("channels.last_message_seq", ">", 0)
    .select(threadColumns.map((column) => `channels.${column}` as const))
    .select(["channels.revision", "users.username", "users.display_name", "users.avatar_color"])
    .select(["users.picture", "users.program"])
    .select(["first.content", "first.deleted_at", tagsOf("channels")]);
}

type PostRow = Awaited<ReturnType<ReturnType<typeof postRows>["execute"]>>[number];

function presentPost(row: PostRow, now: number): Post {
  const { username, display_name, avatar_color, picture, program } = row;
  return {
    ...presentThread(row, now),
    author: presentUser({ id: row.owner_id ?? 0, username, display_name, avatar_color, picture, program }),
    excerpt: row.deleted_at === null ? previewText(row.content ?? "") : "",
    active_at: new Date(row.active_at ?? 0).toISOString(),
    last_message_seq: row.last_message_seq,
    revision: row.revision,
  };
}

/** Those of these that are posts, for all who see their forums. */
export async function postsById(db: Db, ids: readonly number[], now: number): Promise<Post[]> {
  const rows = await postRows(db).where("channels.id", "in", ids).execute();
  return rows.map((row) => presentPost(row, now));
}

export interface PostsPage {
  order: PostOrder;
  /** Only posts with one of them. */
  tags: readonly number[];
  cursor?: string | undefined;
  limit: number;
}

/** Posts of the forum as the user has them, without those of people whom the user hides; pinned ones apart. */
export async function listPosts(
  db: Db,
  userId: number,
  forumId: number,
  { order, tags, cursor, limit, now }: PostsPage & { now: number },
): Promise<{ pinned: ListedPost[]; posts: ListedPost[]; cursor: string | null }> {
  const rows = postRows(db)
    .where("channels.parent_id", "=", forumId)
    .where((where) => where.not(isHidden(where.val(userId), where.fn.coalesce("channels.owner_id", where.val(0)))))
    .$if(tags.length > 0, (query) => query.where((where) => where.exists(tagged(db, tags))))
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.channel_id", "=", "channels.id").on("read_states.user_id", "=", userId),
    )
    .leftJoin("thread_followers as f", (join) =>
      join.onRef("f.channel_id", "=", "channels.id").on("f.user_id", "=", userId),
    )
    .select(["read_states.seq as read_seq", "f.user_id as follower_id"]);
  const pinned =
    cursor === undefined
      ? await rows.where("channels.pinned_at", "is not", null).orderBy("channels.pinned_at", "desc").execute()
      : [];
  const [at = 0, id = 0] = (cursor ?? "").split("-").map(Number);
  const isByActivity = order === "activity";
  const found = await rows
    .where("channels.pinned_at", "is", null)
    .$if(cursor !== undefined && isByActivity, (query) =>
      query.where((where) => where(where.refTuple("channels.active_at", "channels.id"), "<", where.tuple(at, id))),
    )
    .$if(cursor !== undefined && !isByActivity, (query) => query.where("channels.id", "<", id))
    .$if(isByActivity, (query) => query.orderBy("channels.active_at", "desc"))
    .orderBy("channels.id", "desc")
    .limit(limit + 1)
    .execute();
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const listed = (row: (typeof found)[number]): ListedPost => ({
    ...presentPost(row, now),
    is_following: row.follower_id !== null,
    read_seq: row.read_seq ?? 0,
  });
  return {
    pinned: pinned.map(listed),
    posts: page.map(listed),
    cursor: found.length > limit && last ? `${last.active_at}-${last.id}` : null,
  };
}

/** Rows of the post in the query around that have one of the tags. */
function tagged(db: Db, tags: readonly number[]) {
  return db
    .selectFrom("post_tags")
    .whereRef("post_tags.channel_id", "=", "channels.id" as never)
    .where("post_tags.tag_id", "in", tags)
    .select("post_tags.tag_id");
}

/** Number of pinned posts of the forum. */
export async function countPinnedPosts(db: Db, forumId: number): Promise<number> {
  const { count } = await db
    .selectFrom("channels")
    .where("parent_id", "=", forumId)
    .where("pinned_at", "is not", null)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Must run inside a transaction. */
export async function setPostTags(db: Db, postId: number, tags: readonly number[]): Promise<void> {
  await db.deleteFrom("post_tags").where("channel_id", "=", postId).execute();
  const rows = [...new Set(tags)].map((tag_id) => ({ channel_id: postId, tag_id }));
  if (rows.length > 0) await db.insertInto("post_tags").values(rows).execute();
}

/** Takes the tags off all posts of the forum. */
export async function removeTags(db: Db, forumId: number, tags: readonly number[]): Promise<void> {
  if (tags.length === 0) return;
  await db
    .deleteFrom("post_tags")
    .where("tag_id", "in", tags)
    .where("channel_id", "in", (query) =>
      query.selectFrom("channels").where("parent_id", "=", forumId).select("channels.id"),
    )
    .execute();
}

/** When the user created the last post in the forum, in milliseconds since 1970; 0: none is known. */
export async function lastPostAt(db: Db, forumId: number, userId: number): Promise<number> {
  const row = await db
    .selectFrom("last_sends")
    .where("channel_id", "=", forumId)
    .where("user_id", "=", userId)
    .select("sent_at")
    .executeTakeFirst();
  return row?.sent_at ?? 0;
}

export async function setLastPostAt(db: Db, forumId: number, userId: number, at: number): Promise<void> {
  await db
    .insertInto("last_sends")
    .values({ channel_id: forumId, user_id: userId, sent_at: at })
    .onConflict((conflict) => conflict.columns(["channel_id", "user_id"]).doUpdateSet({ sent_at: at }))
    .execute();
}

/**
 * Locks the row of the channel until the transaction ends, so that what is read from it next is not changed by another
 * transaction meanwhile.
 */
export async function lockChannel(db: Db, channelId: number): Promise<void> {
  await db
    .updateTable("channels")
    .set((row) => ({ name: row.ref("name") }))
    .where("id", "=", channelId)
    .execute();
}

/** Counts a new post of the forum, which has no other positions; returns the forum's own and whether all members see it. */
export async function countNewPost(db: Db, forumId: number): Promise<{ seq: number; isRestricted: boolean } | null> {
  const row = await db
    .updateTable("channels")
    .set((forum) => ({ seq: forum("seq", "+", 1), last_message_seq: forum("seq", "+", 1) }))
    .where("id", "=", forumId)
    .returning(["seq", "restricted"])
    .executeTakeFirst();
  return row ? { seq: row.seq, isRestricted: row.restricted === 1 } : null;
}

export async function setForum(db: Db, forumId: number, forum: StoredForum): Promise<void> {
  await db
    .updateTable("channels")
    .set({ forum: JSON.stringify(forum) })
    .where("id", "=", forumId)
    .execute();
}

/** The settings of a forum; undefined when the channel is no forum, or gone. */
export async function storedForum(db: Db, forumId: number): Promise<StoredForum | undefined> {
  const row = await db.selectFrom("channels").where("id", "=", forumId).select("forum").executeTakeFirst();
  return row?.forum == null ? undefined : parseForum(row.forum);
}
