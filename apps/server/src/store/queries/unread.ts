import { sql, type Expression, type Kysely, type SqlBool } from "kysely";
import { isAddressed } from "../rights-sql.ts";
import type { Tables } from "../schema.ts";
import { isByHidden, isHidden } from "./blocks.ts";
import { countsEveryone, mentionsOf, messagesOf, mostCounted, mostLookedAt } from "./unread-counts.ts";
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
  const reader = { userId: "users.id", serverId: "channels.server_id", channelId: "channels.id", readSeq: "r.seq" };
  const rows = await db
    .selectFrom("users")
    .innerJoin("channels", (join) => join.on("channels.id", "=", channelId))
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.user_id", "=", "users.id").onRef("r.channel_id", "=", "channels.id"),
    )
    .where("users.id", "in", userIds)
    .where((where) => canSeeChannel(db, where.ref("users.id"), where.val(channelId)))
    .select(["users.id", "r.seq", "r.generation", "channels.seq as as_of"])
    .select((row) =>
      row
        .case()
        .when("channels.server_id", "is not", null)
        .then(row.case().when(addressed).then(mentionsOf(db, reader)).else(sql.lit(0)).end())
        .when(accepted)
        .then(messagesOf(db, reader))
        .else(sql.lit(0))
        .end()
        .as("mentions"),
    )
    .execute();
  return rows.map((row) => ({
    userId: row.id,
    readSeq: row.seq ?? 0,
    generation: row.generation ?? 0,
    mentions: row.mentions ?? 0,
    asOf: row.as_of,
  }));
}

const addressed = sql<boolean>`${sql.raw(isAddressed("channels", "users.id"))}`;

/** Whether the user has not left the private channel among the requests. */
const accepted = sql<boolean>`exists (select 1 from recipients
  where recipients.channel_id = channels.id and recipients.user_id = users.id and recipients.request = 0)`;

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
  for (const { user_id, channel_id, mentions } of await countedMentions(db, userIds, { channelIds })) {
    stateOf(user_id, channel_id).mentions = mentions;
  }
  return states;
}

/** Number of unread messages that mention the user, by channel id, in one server or in all; channels without any are absent. */
export async function mentionCounts(db: Db, userId: number, serverId?: number): Promise<Map<number, number>> {
  const rows = await countedMentions(db, [userId], serverId === undefined ? {} : { serverId });
  return new Map(rows.map((row) => [row.channel_id, row.mentions]));
}

/** Number of unread messages of others by private channel but requests, or in `only` one; channels without any are absent. */
export async function privateCounts(db: Db, userId: number, only?: number): Promise<Map<number, number>> {
  const reader = { userId: "recipients.user_id", channelId: "recipients.channel_id", readSeq: "r.seq" };
  const rows = await db
    .selectFrom("recipients")
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.user_id", "=", "recipients.user_id").onRef("r.channel_id", "=", "recipients.channel_id"),
    )
    .where("recipients.user_id", "=", userId)
    .where("recipients.request", "=", sql.lit(0))
    .$if(only !== undefined, (query) => query.where("recipients.channel_id", "=", only!))
    .select(["recipients.channel_id", messagesOf(db, reader).as("messages")])
    .execute();
  return new Map(rows.flatMap((row) => (row.messages ? [[row.channel_id, row.messages]] : [])));
}

interface Counted {
  user_id: number;
  channel_id: number;
  mentions: number;
}

/**
 * How many unread messages address the users in the channels that they may see and the threads that they follow, or in the given ones of these; those
 * without any are absent. Where few are unread, one pass over all channels is the fastest; otherwise each is counted up to its limit.
 */
async function countedMentions(db: Db, userIds: readonly number[], only: Only): Promise<Counted[]> {
  const few = Math.max(mostLookedAt, fewOfUser * userIds.length);
  const rows = await db
    .selectFrom(unreadMentions(db, userIds, { only, limit: few + 1 }).as("found"))
    .groupBy(["found.user_id", "found.channel_id"])
    .select(["found.user_id", "found.channel_id"])
    .select(({ fn }) => [fn.countAll<number>().as("unread"), fn.sum<number>("found.counted").as("mentions")])
    .execute();
  const isAll = rows.reduce((sum, { unread }) => sum + unread, 0) <= few;
  const counted: readonly (Omit<Counted, "mentions"> & { mentions: number | null })[] = isAll
    ? rows
    : await countedByChannel(db, userIds, only);
  return counted.flatMap(({ user_id, channel_id, mentions }) =>
    mentions ? [{ user_id, channel_id, mentions: Math.min(mentions, mostCounted) }] : [],
  );
}

const fewOfUser = 40;

async function countedByChannel(db: Db, userIds: readonly number[], only: Only) {
  const counted = [visibleChannels(db, userIds), followedThreads(db, userIds)].map((visible) =>
    readable(db, visible, only).select(mentionsOf(db, ofVisible).as("mentions")).execute(),
  );
  return (await Promise.all(counted)).flat();
}

/** The channels in which is counted; all without either. */
interface Only {
  channelIds?: readonly number[];
  serverId?: number;
}

interface Bounds {
  only: Only;
  /** Of each way in which a message addresses somebody. */
  limit: number;
}

/**
 * One row for each user and unread message that addresses them by name, as a reply or as everyone, in the channels that
 * they may see and the threads that they follow, and whether it counts. The union counts a message once when it addresses a user in several of these ways.
 */
function unreadMentions(db: Db, userIds: readonly number[], bounds: Bounds) {
  const inThreads = unreadMentionsIn(db, followedThreads(db, userIds), bounds);
  return unreadMentionsIn(db, visibleChannels(db, userIds), bounds).union(inThreads);
}

function unreadMentionsIn(db: Db, visible: Visible, { only, limit }: Bounds) {
  const channels = readable(db, visible, only);
  const named = channels
    .innerJoin("mentions", (join) =>
      join.onRef("mentions.user_id", "=", "visible.viewer_id").onRef("mentions.channel_id", "=", "visible.id"),
    )
    .where("mentions.seq", ">", readSeq)
    .select("mentions.message_id")
    .select((row) => oneIf(row.not(isByHidden(row.ref("visible.viewer_id"), row.ref("mentions.message_id")))))
    .limit(limit)
    .as("named");
  const toAll = channels
    .innerJoin("messages", "messages.channel_id", "visible.id")
    // A literal, because with a parameter the planner does not use the partial index.
    .where("messages.mentions_everyone", "=", sql.lit(1))
    .whereRef("messages.author_id", "!=", "visible.viewer_id")
    .where("messages.seq", ">", readSeq)
    .select("messages.id as message_id")
    .select((row) =>
      oneIf(
        row.and([
          row.not(isHidden(row.ref("visible.viewer_id"), row.ref("messages.author_id"))),
          countsEveryone(ofVisible),
        ]),
      ),
    )
    .limit(limit)
    .as("to_all");
  return db.selectFrom(named).selectAll().union(db.selectFrom(toAll).selectAll());
}

function oneIf(counts: Expression<SqlBool>) {
  return sql<number>`case when ${counts} then 1 else 0 end`.as("counted");
}

type Visible = ReturnType<typeof visibleChannels>;

function readable(db: Db, visible: Visible, { channelIds, serverId }: Only) {
  return db
    .selectFrom(visible)
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.user_id", "=", "visible.viewer_id").onRef("r.channel_id", "=", "visible.id"),
    )
    .$if(channelIds !== undefined, (query) => query.where("visible.id", "in", channelIds!))
    .$if(serverId !== undefined, (query) => query.where("visible.server_id", "=", serverId!))
    .select(["visible.viewer_id as user_id", "visible.id as channel_id"]);
}

const ofVisible = {
  userId: "visible.viewer_id",
  serverId: "visible.server_id",
  channelId: "visible.id",
  readSeq: "r.seq",
};
const readSeq = sql<number>`coalesce(r.seq, 0)`;
