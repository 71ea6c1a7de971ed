import { profileLimits, type User } from "@miscord/protocol";
import { type Kysely, sql } from "kysely";
import { presentUser } from "../present-message.ts";
import { areFriends, shareServer } from "../private-sql.ts";
import type { Tables } from "../schema.ts";
import { isHidden } from "./blocks.ts";
import { arePeers } from "./relationships.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

/**
 * Whether the viewer may see who somebody is: themselves, those who see the person's presence, and those whom the person asks
 * to be a friend.
 */
export async function seesProfile(db: Db, viewerId: number, userId: number): Promise<boolean> {
  if (viewerId === userId) return true;
  const met = sql<{ met: number }>`select case when ${sql.raw(shareServer(String(viewerId), String(userId)))}
    or exists (select 1 from friends where user_id = ${userId} and friend_id = ${viewerId}) then 1 else 0 end as met`;
  if ((await met.execute(db)).rows[0]?.met === 1) return true;
  return arePeers(db, viewerId, userId);
}

/** Ids of servers of both, in the order in which the first one joined them. */
export async function mutualServerIds(db: Db, one: number, other: number): Promise<number[]> {
  const rows = await db
    .selectFrom("members as mine")
    .innerJoin("members as theirs", "theirs.server_id", "mine.server_id")
    .where("mine.user_id", "=", one)
    .where("theirs.user_id", "=", other)
    .orderBy("mine.joined_at")
    .orderBy("mine.server_id")
    .select("mine.server_id")
    .execute();
  return rows.map((row) => row.server_id);
}

/** Friends of both, by name, and how many there are. Empty where one of the two hides the other. */
export async function mutualFriends(db: Db, one: number, other: number): Promise<{ users: User[]; count: number }> {
  const friends = db
    .selectFrom("users")
    .innerJoin("friends as f", "f.friend_id", "users.id")
    .where("f.user_id", "=", one)
    .where("users.deleted_at", "is", null)
    .where(sql<boolean>`${sql.raw(areFriends("users.id", String(one)))}`)
    .where(sql<boolean>`${sql.raw(areFriends("users.id", String(other)))}`)
    .where((is) => is.not(isHidden(sql.lit(one), sql.lit(other))))
    .where((is) => is.not(isHidden(sql.lit(other), sql.lit(one))));
  const counted = await friends.select((is) => is.fn.countAll<string | number>().as("count")).executeTakeFirst();
  const count = Number(counted?.count ?? 0);
  if (count === 0) return { users: [], count };
  const rows = await friends
    .orderBy("users.display_name_key")
    .orderBy("users.id")
    .limit(profileLimits.mutualFriends)
    .select(userColumns)
    .execute();
  return { users: rows.map(presentUser), count };
}
