import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** One user's unread state of a channel. */
export interface Unread {
  userId: number;
  /** Position up to which the user has read; 0 when they have read nothing. */
  readSeq: number;
  /** Messages above it that mention the user. */
  mentions: number;
}

/** Unread states of the given users in a channel. */
export async function unreadIn(db: Db, channelId: number, userIds: readonly number[]): Promise<Unread[]> {
  const counts = db
    .selectFrom(unreadMentions(db, userIds, channelId).as("found"))
    .groupBy("found.user_id")
    .select(["found.user_id", ({ fn }) => fn.countAll<number>().as("mentions")]);
  const rows = await db
    .selectFrom("users")
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.user_id", "=", "users.id").on("read_states.channel_id", "=", channelId),
    )
    .leftJoin(counts.as("counts"), "counts.user_id", "users.id")
    .where("users.id", "in", userIds)
    .select(["users.id", "read_states.seq", "counts.mentions"])
    .execute();
  return rows.map((row) => ({ userId: row.id, readSeq: row.seq ?? 0, mentions: row.mentions ?? 0 }));
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

/**
 * One row per user and unread message that mentions them by name, as a reply or as everyone. The union counts a message
 * once that does several of these.
 */
function unreadMentions(db: Db, userIds: readonly number[], channelId?: number) {
  const named = db
    .selectFrom("mentions")
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.user_id", "=", "mentions.user_id").onRef("r.channel_id", "=", "mentions.channel_id"),
    )
    .where("mentions.user_id", "in", userIds)
    .where("mentions.seq", ">", readSeq)
    .$if(channelId !== undefined, (query) => query.where("mentions.channel_id", "=", channelId!))
    .select(["mentions.user_id", "mentions.channel_id", "mentions.message_id"]);
  const everyone = db
    .selectFrom("members")
    .innerJoin("channels", "channels.server_id", "members.server_id")
    .innerJoin("messages", "messages.channel_id", "channels.id")
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.user_id", "=", "members.user_id").onRef("r.channel_id", "=", "channels.id"),
    )
    .where("members.user_id", "in", userIds)
    // A literal, because with a parameter the planner does not use the partial index.
    .where("messages.mentions_everyone", "=", sql.lit(1))
    .whereRef("messages.author_id", "!=", "members.user_id")
    .where("messages.seq", ">", readSeq)
    .$if(channelId !== undefined, (query) => query.where("channels.id", "=", channelId!))
    .select(["members.user_id", "channels.id as channel_id", "messages.id as message_id"]);
  return named.union(everyone);
}

const readSeq = sql<number>`coalesce(r.seq, 0)`;
