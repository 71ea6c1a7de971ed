import { expressionBuilder, sql, type Expression, type Kysely, type NotNull } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import { isAddressed, seesChannel } from "../rights-sql.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/**
 * The channels of servers that these users may see, without threads, as a subquery named `visible`: one row for each user and channel, with the
 * channel's columns and the user's id as `viewer_id`. Queries about what a user may read build on this file.
 */
export function visibleChannels(db: Db, userIds: readonly number[]) {
  return channelsWithViewers(db)
    .where("channels.parent_id", "is", null)
    .where("members.user_id", "in", userIds)
    .selectAll("channels")
    .select("members.user_id as viewer_id")
    .$narrowType<{ server_id: NotNull }>()
    .as("visible");
}

/** The threads that these users follow and may see, archived ones too, in the same shape. */
export function followedThreads(db: Db, userIds: readonly number[]) {
  return db
    .selectFrom("thread_followers")
    .innerJoin("channels", "channels.id", "thread_followers.channel_id")
    .innerJoin("members", (join) =>
      join
        .onRef("members.server_id", "=", "channels.server_id")
        .onRef("members.user_id", "=", "thread_followers.user_id"),
    )
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("thread_followers.user_id", "in", userIds)
    .where(sql<boolean>`${sees}`)
    .selectAll("channels")
    .select("members.user_id as viewer_id")
    .$narrowType<{ server_id: NotNull }>()
    .as("visible");
}

/** Whether the user may see the channel, of a server or private, as a condition on the row of an outer query. */
export function canSeeChannel(db: Db, userId: Expression<number>, channelId: Expression<number | null>) {
  const seen = channelsWithViewers(db).where("members.user_id", "=", userId).where("channels.id", "=", channelId);
  const own = db
    .selectFrom("recipients")
    .where("recipients.user_id", "=", userId)
    .where("recipients.channel_id", "=", channelId);
  const is = expressionBuilder<Tables>();
  return is.or([is.exists(seen.select("channels.id")), is.exists(own.select("recipients.channel_id"))]);
}

/** Ids of the server's channels that the user may see. */
export async function visibleChannelIds(db: Db, userId: number, serverId: number): Promise<number[]> {
  const rows = await channelsWithViewers(db)
    .where("members.user_id", "=", userId)
    .where("members.server_id", "=", serverId)
    .where("channels.parent_id", "is", null)
    .select("channels.id")
    .execute();
  return rows.map((row) => row.id);
}

/** More are looked for among all: a statement has as many parameters. */
const askedAtMost = 500;

/** Ids of all users who may see the channel of a server, or who follow the thread and may see it; at least of those `among` these. */
export async function channelViewers(db: Db, channelId: number, among?: readonly number[]): Promise<number[]> {
  if (among?.length === 0) return [];
  const isFew = among !== undefined && among.length <= askedAtMost;
  const rows = await channelsWithViewers(db)
    .where("channels.id", "=", channelId)
    .$if(isFew, (query) => query.where("members.user_id", "in", among!))
    .where(addressed)
    .select("members.user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

/** The restricted channels that the user may see: those whose events do not go to all members of their server. */
export const restrictedChannelsOf = compiledOnce((db, userId: number) =>
  channelsWithViewers(db)
    .where("channels.parent_id", "is", null)
    .where("members.user_id", "=", userId)
    // A literal, because with a parameter the planner does not use the partial index.
    .where("channels.restricted", "=", sql.lit(1))
    .select(["channels.id", "members.server_id", "channels.type"]),
);

/** How many restricted channels a server has, threads aside: each is looked at to find those that a user sees. */
export function countRestricted(db: Db, serverId: Expression<number | null>) {
  return db
    .selectFrom("channels")
    .where("channels.server_id", "=", serverId)
    .where("channels.parent_id", "is", null)
    .where("channels.restricted", "=", sql.lit(1))
    .select(({ fn }) => fn.countAll<number>().as("count"));
}

/** How many channels the user's servers have, threads aside, whether the user sees them or not. */
export async function countChannelsOf(db: Db, userId: number): Promise<number> {
  const { count } = await db
    .selectFrom("members")
    .innerJoin("channels", "channels.server_id", "members.server_id")
    .where("members.user_id", "=", userId)
    .where("channels.parent_id", "is", null)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

const sees = sql.raw<boolean>(seesChannel({ channels: "channels", servers: "servers", userId: "members.user_id" }));

const addressed = sql<boolean>`${sql.raw(isAddressed("channels", "members.user_id"))}`;

function channelsWithViewers(db: Db) {
  return db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .innerJoin("channels", "channels.server_id", "members.server_id")
    .where(sql<boolean>`${sees}`);
}
