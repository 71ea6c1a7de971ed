import { expressionBuilder, type Expression, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/**
 * The channels that these users may see, as a subquery named `visible`: one row for each user and channel, with the
 * channel's columns and the user's id as `viewer_id`. The access policy's `viewChannel` in SQL, and the only place of
 * it: queries about what a user may read build on this file.
 */
export function visibleChannels(db: Db, userIds: readonly number[]) {
  return channelsWithViewers(db)
    .where("members.user_id", "in", userIds)
    .selectAll("channels")
    .select("members.user_id as viewer_id")
    .as("visible");
}

/** Whether the user may see the channel, as a condition on the row of an outer query. */
export function canSeeChannel(db: Db, userId: Expression<number>, channelId: Expression<number | null>) {
  const seen = channelsWithViewers(db).where("members.user_id", "=", userId).where("channels.id", "=", channelId);
  return expressionBuilder<Tables>().exists(seen.select("channels.id"));
}

/** Ids of all users who may see the channel. */
export async function channelViewers(db: Db, channelId: number): Promise<number[]> {
  const rows = await channelsWithViewers(db).where("channels.id", "=", channelId).select("members.user_id").execute();
  return rows.map((row) => row.user_id);
}

function channelsWithViewers(db: Db) {
  return db.selectFrom("members").innerJoin("channels", "channels.server_id", "members.server_id");
}
