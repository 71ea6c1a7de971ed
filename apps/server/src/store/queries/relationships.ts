import type { Relationship, SeenPresence } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import { acceptsFrom } from "../private-sql.ts";
import { compiledOnce } from "../compiled-once.ts";
import type { Tables } from "../schema.ts";
import { isHidden } from "./blocks.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;
/** Null leaves the presence out, as in events. */
type SeenOf = ((userId: number) => SeenPresence) | null;

/** What others are to the user, by username; `only` selects one of them. */
export async function relationshipsOf(db: Db, userId: number, seenOf: SeenOf, only?: number): Promise<Relationship[]> {
  const rows = await db
    .selectFrom(kinds(db, userId).as("r"))
    .innerJoin("users", "users.id", "r.other_id")
    .$if(only !== undefined, (query) => query.where("users.id", "=", only!))
    .orderBy("users.username_key")
    .select(userColumns)
    .select("r.kind")
    .execute();
  return rows.map((row) => ({
    user: { ...presentUser(row), ...(seenOf && row.kind === "friend" && seenOf(row.id)) },
    kind: row.kind as Relationship["kind"],
  }));
}

function kinds(db: Db, userId: number) {
  const made = db
    .selectFrom("friends as f")
    .leftJoin("friends as g", (join) =>
      join.onRef("g.user_id", "=", "f.friend_id").onRef("g.friend_id", "=", "f.user_id"),
    )
    .where("f.user_id", "=", userId)
    .select([
      "f.friend_id as other_id",
      sql<string>`case when g.user_id is null then 'outgoing' else 'friend' end`.as("kind"),
    ]);
  const received = db
    .selectFrom("friends as f")
    .leftJoin("friends as g", (join) =>
      join.onRef("g.user_id", "=", "f.friend_id").onRef("g.friend_id", "=", "f.user_id"),
    )
    .where("f.friend_id", "=", userId)
    .where("g.user_id", "is", null)
    .select(["f.user_id as other_id", sql<string>`'incoming'`.as("kind")]);
  const blocked = db
    .selectFrom("blocks")
    .where("user_id", "=", userId)
    .select(["blocked_id as other_id", sql<string>`'blocked'`.as("kind")]);
  return made.unionAll(received).unionAll(blocked);
}

/** How many friends the user has and has asked for. */
export async function countFriends(db: Db, userId: number): Promise<number> {
  return countOf(await db.selectFrom("friends").where("user_id", "=", userId).select(all).executeTakeFirst());
}

/** How many requests of others the user has not answered. */
export async function countRequests(db: Db, userId: number): Promise<number> {
  const row = await db
    .selectFrom("friends as f")
    .leftJoin("friends as g", (join) =>
      join.onRef("g.user_id", "=", "f.friend_id").onRef("g.friend_id", "=", "f.user_id"),
    )
    .where("f.friend_id", "=", userId)
    .where("g.user_id", "is", null)
    .select(all)
    .executeTakeFirst();
  return countOf(row);
}

/** How many people the user hides. */
export async function countBlocks(db: Db, userId: number): Promise<number> {
  return countOf(await db.selectFrom("blocks").where("user_id", "=", userId).select(all).executeTakeFirst());
}

const all = sql<string | number>`count(*)`.as("count");

function countOf(row: { count: string | number } | undefined): number {
  return Number(row?.count ?? 0);
}

/** Asks to be a friend, or accepts being one. Must run inside a transaction. */
export async function insertFriend(db: Db, userId: number, friendId: number, now: number): Promise<void> {
  await db
    .insertInto("friends")
    .values({ user_id: userId, friend_id: friendId, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Ends a friendship or a request in either direction. Returns whether there was one. */
export async function deleteFriends(db: Db, one: number, other: number): Promise<boolean> {
  const result = await db
    .deleteFrom("friends")
    .where((is) =>
      is.or([
        is.and([is("user_id", "=", one), is("friend_id", "=", other)]),
        is.and([is("user_id", "=", other), is("friend_id", "=", one)]),
      ]),
    )
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Returns false when the user hid the other one already. */
export async function insertBlock(db: Db, userId: number, blockedId: number, now: number): Promise<boolean> {
  const result = await db
    .insertInto("blocks")
    .values({ user_id: userId, blocked_id: blockedId, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Returns false when the user did not hide the other one. */
export async function deleteBlock(db: Db, userId: number, blockedId: number): Promise<boolean> {
  const result = await db
    .deleteFrom("blocks")
    .where("user_id", "=", userId)
    .where("blocked_id", "=", blockedId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Whether the user hides somebody, or somebody hides the user. */
export async function hasBlocks(db: Db, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom("blocks")
    .where((is) => is.or([is("user_id", "=", userId), is("blocked_id", "=", userId)]))
    .select("user_id")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function isBlockedBy(db: Db, userId: number, byId: number): Promise<boolean> {
  const row = await db
    .selectFrom("blocks")
    .where("user_id", "=", byId)
    .where("blocked_id", "=", userId)
    .select("user_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the two are members of a server together, in a private channel, or one has asked to be a friend of the other. */
export async function haveMet(db: Db, one: number, other: number): Promise<boolean> {
  const met = sql<{ met: number }>`select case when
    exists (select 1 from members a join members b on b.server_id = a.server_id
      where a.user_id = ${one} and b.user_id = ${other})
    or exists (select 1 from recipients a join recipients b on b.channel_id = a.channel_id
      where a.user_id = ${one} and b.user_id = ${other})
    or exists (select 1 from friends where user_id = ${one} and friend_id = ${other})
    or exists (select 1 from friends where user_id = ${other} and friend_id = ${one})
    then 1 else 0 end as met`;
  return (await met.execute(db)).rows[0]?.met === 1;
}

/** Those of these users who accept messages from the sender. */
export async function accepting(db: Db, senderId: number, userIds: readonly number[]): Promise<Set<number>> {
  const accepts = sql<number>`${sql.raw(acceptsFrom("users", String(senderId)))}`;
  const rows = await db
    .selectFrom("users")
    .where("id", "in", userIds)
    .select(["id", accepts.as("accepts")])
    .execute();
  return new Set(rows.filter((row) => row.accepts === 1).map((row) => row.id));
}

/**
 * Users to whom each user's status is shown besides the members of shared servers: friends, and people of groups and of
 * conversations in which something was written, but not where one of the two hides the other. What holds for one of two
 * holds for the other.
 */
export async function peersOf(db: Db, userIds: readonly number[]): Promise<Map<number, Set<number>>> {
  return peersByUser(await listPeers(db, userIds));
}

const listPeers = compiledOnce(peers);

/** Whether these two are among them for each other: one may have thousands. */
export async function arePeers(db: Db, one: number, other: number): Promise<boolean> {
  return (await peers(db, [one]).where("p.peer_id", "=", other).limit(1).executeTakeFirst()) !== undefined;
}

function peers(db: Db, userIds: readonly number[]) {
  const people = peopleOfPrivate(db, userIds)
    .innerJoin("channels", "channels.id", "me.channel_id")
    .where((is) => is.or([is("channels.type", "=", "group"), is("channels.last_message_seq", ">", 0)]))
    // Nobody's presence is shown over a request.
    .where("me.request", "=", sql.lit(0))
    .where("peer.request", "=", sql.lit(0));
  return db
    .selectFrom(friendsOf(db, userIds).union(people).as("p"))
    .where((is) => is.not(isHidden(is.ref("p.user_id"), is.ref("p.peer_id"))))
    .where((is) => is.not(isHidden(is.ref("p.peer_id"), is.ref("p.user_id"))))
    .select(["p.user_id", "p.peer_id"]);
}

/** Users who see the user's name besides the members of shared servers: friends, and people of private channels. */
export async function acquaintancesOf(db: Db, userId: number): Promise<Set<number>> {
  const rows = await friendsOf(db, [userId])
    .union(peopleOfPrivate(db, [userId]))
    .execute();
  return peersByUser(rows).get(userId) ?? new Set();
}

/** People of the user's private channels who do not show the user their status: they are no peers, and share no server. */
export async function strangersOf(db: Db, userId: number): Promise<Set<number>> {
  const rows = await peopleOfPrivate(db, [userId])
    .except(peers(db, [userId]))
    .execute();
  if (rows.length === 0) return new Set();
  const strangers = rows.map((row) => row.peer_id);
  const beside = await db
    .selectFrom("members as mine")
    .innerJoin("members as theirs", "theirs.server_id", "mine.server_id")
    .where("mine.user_id", "=", userId)
    .where("theirs.user_id", "in", strangers)
    .select("theirs.user_id")
    .execute();
  return new Set(strangers).difference(new Set(beside.map((row) => row.user_id)));
}

function friendsOf(db: Db, userIds: readonly number[]) {
  return db
    .selectFrom("friends as f")
    .innerJoin("friends as g", (join) =>
      join.onRef("g.user_id", "=", "f.friend_id").onRef("g.friend_id", "=", "f.user_id"),
    )
    .where("f.user_id", "in", userIds)
    .select(["f.user_id", "f.friend_id as peer_id"]);
}

function peopleOfPrivate(db: Db, userIds: readonly number[]) {
  return db
    .selectFrom("recipients as me")
    .innerJoin("recipients as peer", "peer.channel_id", "me.channel_id")
    .where("me.user_id", "in", userIds)
    .whereRef("peer.user_id", "!=", "me.user_id")
    .select(["me.user_id", "peer.user_id as peer_id"]);
}

function peersByUser(rows: readonly { user_id: number; peer_id: number }[]): Map<number, Set<number>> {
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, all]) => [userId, new Set(all.map((row) => row.peer_id))]));
}
