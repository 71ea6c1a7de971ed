import { sql, type Kysely } from "kysely";
import { suppressesEveryone } from "../notification-levels-sql.ts";
import { missedCall } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { isByHidden, isHidden } from "./blocks.ts";
import { canSeeChannel, followedThreads, visibleChannels } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/** One user's unread state of a channel. */
export interface Unread {
  userId: number;
  /** Position up to which the user has read; 0 when they have read nothing. */
  readSeq: number;
  /** How often they have marked it unread. */
  generation: number;
  /** Messages above it that mention the user; in a private channel all of other users. */
  mentions: number;
  /** The channel's position at which they were counted. */
  asOf: number;
}

/** Unread states in a channel of those of the given users who see it. */
export async function unreadIn(db: Db, channelId: number, userIds: readonly number[]): Promise<Unread[]> {
  const found = unreadMentions(db, userIds, channelId).unionAll(unreadPrivate(db, userIds, channelId));
  const counts = db
    .selectFrom(found.as("found"))
    .groupBy("found.user_id")
    .select(["found.user_id", ({ fn }) => fn.countAll<number>().as("mentions")]);
  const rows = await db
    .selectFrom("users")
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.user_id", "=", "users.id").on("read_states.channel_id", "=", channelId),
    )
    .leftJoin(counts.as("counts"), "counts.user_id", "users.id")
    .where("users.id", "in", userIds)
    .where((where) => canSeeChannel(db, where.ref("users.id"), where.val(channelId)))
    .select(["users.id", "read_states.seq", "read_states.generation", "counts.mentions"])
    .select((row) => row.selectFrom("channels").where("channels.id", "=", channelId).select("channels.seq").as("as_of"))
    .execute();
  return rows.map((row) => ({
    userId: row.id,
    readSeq: row.seq ?? 0,
    generation: row.generation ?? 0,
    mentions: row.mentions ?? 0,
    asOf: row.as_of ?? 0,
  }));
}

interface ReadState {
  readSeq: number;
  generation: number;
  mentions: number;
}

/** Read positions and mentions by user and channel, in channels of servers that all of them see; absent where both are 0. */
export async function unreadInMany(
  db: Db,
  channelIds: readonly number[],
  userIds: readonly number[],
): Promise<Map<number, Map<number, ReadState>>> {
  const states = new Map<number, Map<number, ReadState>>();
  const stateOf = (userId: number, channelId: number) => {
    const own = states.get(userId) ?? new Map<number, ReadState>();
    states.set(userId, own);
    const state = own.get(channelId) ?? { readSeq: 0, generation: 0, mentions: 0 };
    own.set(channelId, state);
    return state;
  };
  const reads = await db
    .selectFrom("read_states")
    .where("user_id", "in", userIds)
    .where("channel_id", "in", channelIds)
    .select(["user_id", "channel_id", "seq", "generation"])
    .execute();
  for (const { user_id, channel_id, seq, generation } of reads) {
    Object.assign(stateOf(user_id, channel_id), { readSeq: seq, generation });
  }
  const counts = await db
    .selectFrom(unreadMentions(db, userIds).as("found"))
    .where("found.channel_id", "in", channelIds)
    .groupBy(["found.user_id", "found.channel_id"])
    .select(["found.user_id", "found.channel_id", ({ fn }) => fn.countAll<number>().as("mentions")])
    .execute();
  for (const { user_id, channel_id, mentions } of counts) stateOf(user_id, channel_id).mentions = mentions;
  return states;
}

/** Number of unread messages that mention the user, by channel id; channels without any are absent. */
export async function mentionCounts(db: Db, userId: number): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom(unreadMentions(db, [userId]).as("found"))
    .groupBy("found.channel_id")
    .select(["found.channel_id", ({ fn }) => fn.countAll<number>().as("mentions")])
    .execute();
  return new Map(rows.map((row) => [row.channel_id, row.mentions]));
}

/** Number of unread messages of others by private channel, or in `only` one; channels without any are absent. */
export async function privateCounts(db: Db, userId: number, only?: number): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom(unreadPrivate(db, [userId], only).as("found"))
    .groupBy("found.channel_id")
    .select(["found.channel_id", ({ fn }) => fn.countAll<number>().as("messages")])
    .execute();
  return new Map(rows.map((row) => [row.channel_id, row.messages]));
}

/** One row for each user and unread message of others in private channels, but in requests and of those whom the user hides. */
function unreadPrivate(db: Db, userIds: readonly number[], channelId?: number) {
  return (
    db
      .selectFrom("recipients")
      .leftJoin("read_states as r", (join) =>
        join.onRef("r.user_id", "=", "recipients.user_id").onRef("r.channel_id", "=", "recipients.channel_id"),
      )
      .innerJoin("messages", "messages.channel_id", "recipients.channel_id")
      .where("recipients.user_id", "in", userIds)
      .where("recipients.request", "=", sql.lit(0))
      .$if(channelId !== undefined, (query) => query.where("recipients.channel_id", "=", channelId!))
      .where("messages.seq", ">", readSeq)
      .whereRef("messages.author_id", "!=", "recipients.user_id")
      .where("messages.deleted_at", "is", null)
      // The line of a call that was answered is no news.
      .where((where) => where.or([where("messages.call_ms", "is", null), where("messages.call_ms", "=", missedCall)]))
      .where((where) => where.not(isHidden(where.ref("recipients.user_id"), where.ref("messages.author_id"))))
      .select(["recipients.user_id", "recipients.channel_id", "messages.id as message_id"])
  );
}

/**
 * One row for each user and unread message that addresses them by name, as a reply or as everyone, in the channels that
 * they may see and the threads that they follow, but of those whom they hide. The union counts a message once when it addresses a user in several of these ways.
 */
function unreadMentions(db: Db, userIds: readonly number[], channelId?: number) {
  const inThreads = unreadMentionsIn(db, followedThreads(db, userIds), channelId);
  return unreadMentionsIn(db, visibleChannels(db, userIds), channelId).union(inThreads);
}

function unreadMentionsIn(db: Db, visible: ReturnType<typeof visibleChannels>, channelId: number | undefined) {
  const channels = db
    .selectFrom(visible)
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.user_id", "=", "visible.viewer_id").onRef("r.channel_id", "=", "visible.id"),
    )
    .$if(channelId !== undefined, (query) => query.where("visible.id", "=", channelId!))
    .select(["visible.viewer_id as user_id", "visible.id as channel_id"]);
  const named = channels
    .innerJoin("mentions", (join) =>
      join.onRef("mentions.user_id", "=", "visible.viewer_id").onRef("mentions.channel_id", "=", "visible.id"),
    )
    .where("mentions.seq", ">", readSeq)
    .where((where) => where.not(isByHidden(where.ref("visible.viewer_id"), where.ref("mentions.message_id"))))
    .select("mentions.message_id");
  const everyone = channels
    .innerJoin("messages", "messages.channel_id", "visible.id")
    // A literal, because with a parameter the planner does not use the partial index.
    .where("messages.mentions_everyone", "=", sql.lit(1))
    .whereRef("messages.author_id", "!=", "visible.viewer_id")
    .where("messages.seq", ">", readSeq)
    .where((where) => where.not(isHidden(where.ref("visible.viewer_id"), where.ref("messages.author_id"))))
    .where(countsEveryone)
    .select("messages.id as message_id");
  return named.union(everyone);
}

const suppressed = suppressesEveryone({
  userId: "visible.viewer_id",
  serverId: "visible.server_id",
  channelId: "visible.id",
});
const countsEveryone = sql<boolean>`not ${sql.raw(suppressed)}`;
const readSeq = sql<number>`coalesce(r.seq, 0)`;
