import { limits, type ThreadState } from "@miscord/protocol";
import { bypassesSlowMode, type AccessFacts } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { channelsById, deleteChannel } from "../../store/queries/channels.ts";
import { countNewPost, lastPostAt, lockChannel, setLastPostAt, setPostTags } from "../../store/queries/posts.ts";
import { countThreads, insertThread } from "../../store/queries/threads.ts";
import type { Tables } from "../../store/schema.ts";
import { channelCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { sendMessage } from "../messages/send-message.ts";
import { publish, topicOf } from "../publish.ts";
import { requireVerified } from "../servers/verification.ts";
import { thread as threadOf } from "../threads/list-threads.ts";
import { requireTags } from "../threads/post-tags.ts";

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "rates" | "automod" | "presence" | "previews" | "readPositions" | "unread"
>;

interface NewPost {
  name: string;
  tags: readonly number[];
  /** Of the first message. */
  content: string;
  attachments?: readonly (number | string)[] | undefined;
}

/** A week: the list of a forum shows archived posts too. */
const archiveAfterS = 604_800;

/**
 * Creates a post with its first message, whose author follows it. Throws what `sendMessage` throws, in which case there is no post,
 * and `invalid_request` for another kind of channel and for tags that the forum does not allow, `verification_required` or
 * `limit_reached`.
 */
export async function createPost(
  context: Context,
  actor: Actor,
  forumId: number,
  { content, attachments, ...input }: NewPost,
): Promise<ThreadState> {
  const { store, clock, rates } = context;
  const access = await channelCommand(context, actor, forumId, "sendMessages");
  if (access.type !== "forum") throw new AppError("invalid_request", "Posts are created in forums.");
  await requireVerified(context, actor, access.serverId);
  // Whoever is named in one follows it from then on, as a thread of a text channel.
  await rates.threads.spend(actor.userId);
  const now = clock.now();
  const before = await lastPostAt(store.db, forumId, actor.userId);
  const postId = await store.db.transaction().execute((db) => insert(db, access, forumId, { ...input, now }));
  try {
    await sendMessage(context, actor, { channelId: postId, content, attachments, opensPost: true });
  } catch (error) {
    await deleteChannel(store.db, postId);
    // The wait of slow mode is for posts that are there.
    if (before !== now && (await lastPostAt(store.db, forumId, actor.userId)) === now) {
      await setLastPostAt(store.db, forumId, actor.userId, before);
    }
    throw error;
  }
  await markForum(context, actor, access.serverId, forumId);
  return threadOf(context, actor, postId);
}

/** The forum has something new for all who see it but the author, who has just been there. */
async function markForum(context: Context, actor: Actor, serverId: number, forumId: number): Promise<void> {
  const counted = await countNewPost(context.store.db, forumId);
  if (!counted) return;
  const { seq, isRestricted } = counted;
  await context.readPositions({ userId: actor.userId, channelId: forumId, seq });
  await context.unread.announce(forumId, [actor.userId]);
  const event = { type: "forum_activity", server_id: serverId, channel_id: forumId, seq } as const;
  publish(context, topicOf({ id: forumId, serverId, isRestricted }), event);
}

/** A post without a message, which nobody sees. */
async function insert(
  db: Kysely<Tables>,
  access: AccessFacts & { serverId: number },
  forumId: number,
  { name, tags, now }: Pick<NewPost, "name" | "tags"> & { now: number },
): Promise<number> {
  const { serverId, userId } = access;
  await lockChannel(db, forumId);
  const [found] = await channelsById(db, [forumId]);
  const settings = found?.channel.forum;
  if (!settings) throw new AppError("not_found", "There is no such channel.");
  requireTags(access, settings, [], tags);
  await countPost(db, access, found.channel, now);
  if ((await countThreads(db, serverId)) >= limits.threadsPerServer) {
    throw new AppError("limit_reached", `A server has at most ${limits.threadsPerServer} threads.`);
  }
  const place = { serverId, parentId: forumId, isPost: true, starterId: null };
  const id = await insertThread(db, { ...place, name, ownerId: userId, archiveAfterS, now });
  await setPostTags(db, id, tags);
  return id;
}

/** Begins the wait of slow mode; throws `rate_limited` while one runs. */
async function countPost(
  db: Kysely<Tables>,
  access: AccessFacts,
  forum: { id: number; slow_mode_s: number },
  now: number,
): Promise<void> {
  if (forum.slow_mode_s === 0 || bypassesSlowMode(access)) return;
  const waitMs = (await lastPostAt(db, forum.id, access.userId)) + forum.slow_mode_s * 1_000 - now;
  if (waitMs > 0) throw new AppError("rate_limited", "Slow mode: create a post later.", { retryAfterMs: waitMs });
  await setLastPostAt(db, forum.id, access.userId, now);
}
