import type { ForumSettings, Thread, ThreadPatch, ThreadState } from "@miscord/protocol";
import { limits } from "@miscord/protocol";
import { can, type AccessFacts } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { serverChannelAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { deleteChannel } from "../../store/queries/channels.ts";
import { concernedBy } from "../../store/queries/concerned-by-thread.ts";
import { countPinnedPosts, lockChannel, setPostTags, storedForum } from "../../store/queries/posts.ts";
import * as threads from "../../store/queries/threads.ts";
import { channelAccess } from "../access.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireCrowdBudget } from "../crowd-budget.ts";
import { publish, sendControl } from "../publish.ts";
import { requireAllowedTitle } from "../servers/allowed-name.ts";
import { requireVerified } from "../servers/verification.ts";
import { announcePosts } from "./announce-posts.ts";
import { announceRevival, announceThread } from "./announce-thread.ts";
import { thread as threadOf } from "./list-threads.ts";
import { requireTags, tagNames } from "./post-tags.ts";
import { touchStarter } from "./touch-starter.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

const followersPerChange = 10;

/**
 * Whether the channel is a thread that the actor sees, so that it is changed by the commands of this file. A hidden thread
 * is answered as a channel that does not exist.
 */
export async function isThread(
  { store, clock }: Pick<Context, "store" | "clock">,
  { userId }: Actor,
  channelId: number,
): Promise<boolean> {
  const found = await serverChannelAccess(store.db, userId, channelId, clock.now());
  return found !== undefined && found.parentId !== null && !found.isUnopened && can(found, "viewChannel");
}

/**
 * Renames, archives or locks a thread, or changes the tags or the pin of a post. Who created it may do so, but for locking,
 * pinning and what is locked, and whoever manages threads. Throws `not_found`, `forbidden`, `invalid_request`, `automod_blocked`,
 * `limit_reached`, `verification_required` or `rate_limited`.
 */
export async function changeThread(
  context: Context & Pick<DomainContext, "automod">,
  actor: Actor,
  threadId: number,
  patch: ThreadPatch,
): Promise<ThreadState> {
  const { store, clock } = context;
  const { before, access } = await threadCommand(context, actor, threadId);
  requireMayChange(access, before, patch);
  if (patch.archived !== undefined && patch.archived !== before.archived)
    await spendForFollowers(context, actor, before);
  if (patch.name !== undefined) await requireVerified(context, actor, before.server_id);
  if (patch.name !== undefined && patch.name !== before.name) {
    // The message that it was started from shows its name.
    if (before.message_id !== null) await requireCrowdBudget(context, actor.userId);
    await requireTitle(context, actor, before, patch.name);
  }
  const after = await store.db.transaction().execute(async (db) => {
    const access = await stillSeen(context, db, actor, threadId);
    const isOwn = requireMayChange(access, before, patch);
    const forum = before.tags ? await lockForum(db, before.parent_id) : null;
    await changePost(db, { access, before, forum }, patch);
    await threads.updateThread(db, threadId, columnsOf(patch, before, clock.now()));
    const changed = await threads.threadById(db, threadId, clock.now());
    if (!changed) throw new AppError("not_found", "There is no such thread.");
    const changes = changesOf(fieldsOf(before, forum), fieldsOf(changed, forum));
    if (!isOwn && changes.length > 0) {
      const channel = { id: threadId, isRestricted: true };
      await record(db, context, actor, before, { action: "thread_update", channel, changes });
    }
    return changed;
  });
  if (after.tags) await announcePosts(context, [threadId]);
  if (before.archived && !after.archived) await announceRevival(context, threadId);
  else await announceThread(context, threadId);
  if (before.name !== after.name) await touchStarter(context, actor, after.message_id);
  return threadOf(context, actor, threadId);
}

/** Returns whether it is changed as the actor's own, and not as by one who manages threads. Throws `forbidden`. */
function requireMayChange(
  access: AccessFacts,
  { owner_id: ownerId }: Thread,
  { locked, pinned }: ThreadPatch,
): boolean {
  const isPlain = locked === undefined && pinned === undefined;
  const isOwn = ownerId === access.userId && can(access, "sendMessages") && isPlain;
  if (!isOwn && !can(access, "manageThreads")) throw forbidden();
  return isOwn;
}

/** In the transaction of a command: the rights as they are by then. Throws `not_found`. */
async function stillSeen({ clock }: Context, db: Db, { userId }: Actor, threadId: number): Promise<AccessFacts> {
  const access = await serverChannelAccess(db, userId, threadId, clock.now());
  if (!access || !can(access, "viewChannel")) throw new AppError("not_found", "There is no such thread.");
  return access;
}

async function requireTitle(
  context: Context & Pick<DomainContext, "automod">,
  actor: Actor,
  { server_id: serverId, parent_id: id }: Thread,
  title: string,
): Promise<void> {
  const { channelName: name, isRestricted } = await channelAccess(context, actor, id);
  await requireAllowedTitle(context, actor, { title, serverId, channel: { id, name, isRestricted } });
}

/** Deletes a thread with its messages and files, for who manages threads. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteThread(
  context: Context & Pick<DomainContext, "storage">,
  actor: Actor,
  threadId: number,
): Promise<void> {
  const { before, access } = await threadCommand(context, actor, threadId);
  if (!can(access, "manageThreads")) throw forbidden();
  // In its turn among writers, as other commands: what is deleted goes in transactions of its own.
  await context.store.db.transaction().execute(async (db) => {
    if (!can(await stillSeen(context, db, actor, threadId), "manageThreads")) throw forbidden();
  });
  const told = await concernedBy(context.store.db, threadId);
  const { server_id: serverId, parent_id: parentId } = before;
  await deleteChannel(context.store.db, threadId, async (db) => {
    const parent = await serverChannelAccess(db, actor.userId, parentId, context.clock.now());
    // The thread is gone: whoever sees its parent sees the entry.
    const channel = { id: parentId, isRestricted: parent?.isRestricted ?? true };
    await record(db, context, actor, before, { action: "thread_delete", channel });
  });
  for (const userId of told) {
    publish(context, `user:${userId}`, { type: "channel_removed", server_id: serverId, channel_id: threadId });
  }
  sendControl(context, `server:${serverId}`, { type: "thread_removed", serverId, threadId });
  if (before.tags) {
    const removed = { server_id: serverId, channel_id: parentId, post_id: threadId };
    publish(context, `channel:${parentId}`, { type: "post_removed", ...removed });
  }
  await touchStarter(context, actor, before.message_id);
  await removeDeletedFiles(context);
}

async function threadCommand(
  context: Context,
  actor: Actor,
  threadId: number,
): Promise<{ before: Thread; access: AccessFacts }> {
  await context.rates.changes.spend(actor.userId);
  const access = await channelAccess(context, actor, threadId);
  const before = await threads.threadById(context.store.db, threadId, context.clock.now());
  if (!before) throw new AppError("not_found", "There is no such thread.");
  return { before, access };
}

/**
 * A thread that comes back from the archive is read for each of its followers. It is paid for also when it goes there, since a
 * message brings it back. Throws `rate_limited`.
 */
async function spendForFollowers(
  { store, rates: { changes } }: Context,
  { userId }: Actor,
  { id }: Thread,
): Promise<void> {
  const more = Math.floor((await threads.countFollowers(store.db, id)) / followersPerChange);
  // The command itself has taken one.
  if (more > 0) await changes.spend(userId, Math.min(more, changes.rate.burst - 1));
}

type Db = Parameters<typeof recordAction>[0];

async function lockForum(db: Db, forumId: number): Promise<ForumSettings> {
  await lockChannel(db, forumId);
  const forum = await storedForum(db, forumId);
  if (!forum) throw new AppError("not_found", "There is no such thread.");
  return forum;
}

interface Changing {
  access: AccessFacts;
  before: Thread;
  /** Null for a thread that is no post. */
  forum: ForumSettings | null;
}

/** What only posts have. */
async function changePost(db: Db, { access, before, forum }: Changing, { tags, pinned }: ThreadPatch): Promise<void> {
  if (tags === undefined && pinned === undefined) return;
  if (!forum) throw new AppError("invalid_request", "Only a post of a forum has tags and is pinned.");
  if (tags) {
    requireTags(access, forum, before.tags ?? [], tags);
    await setPostTags(db, before.id, tags);
  }
  if (!pinned || before.pinned_at !== undefined) return;
  if ((await countPinnedPosts(db, before.parent_id)) >= limits.pinnedPosts) {
    throw new AppError("limit_reached", `A forum has at most ${limits.pinnedPosts} pinned posts.`);
  }
}

function columnsOf(
  { name, archive_after_s, archived, locked, pinned }: ThreadPatch,
  { pinned_at }: Thread,
  now: number,
) {
  return {
    ...(name !== undefined && { name }),
    ...(archive_after_s !== undefined && { archive_after_s }),
    ...(archived !== undefined && { archived: Number(archived) }),
    // Taken out of the archive, it stays there for its time.
    ...(archived === false && { active_at: now }),
    ...(locked !== undefined && { locked: Number(locked) }),
    // Pinned again, it stays where it is.
    ...(pinned === false && { pinned_at: null }),
    ...(pinned === true && pinned_at === undefined && { pinned_at: now }),
  };
}

function fieldsOf({ name, archived, locked, tags = [], pinned_at }: Thread, forum: ForumSettings | null) {
  const ofPost = forum && { tags: tagNames(forum, tags), pinned: pinned_at !== undefined };
  return { name, archived, locked, ...ofPost };
}

function record(
  db: Db,
  { clock }: Pick<Context, "clock">,
  { userId }: Actor,
  { server_id: serverId, name: subject }: Thread,
  what: Pick<Parameters<typeof recordAction>[1], "action" | "channel" | "changes">,
): Promise<void> {
  return recordAction(db, { serverId, actorId: userId, at: clock.now(), subject, ...what });
}

function forbidden(): AppError {
  return new AppError("forbidden", "You do not have the permission to do this.");
}
