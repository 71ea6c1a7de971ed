import { type Dm, type DmState, type SeenPresence, type User } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { addressOf } from "../picture-address.ts";
import { presentUser } from "../present-message.ts";
import { areFriends, shareServer } from "../private-sql.ts";
import type { Tables } from "../schema.ts";
import { raiseReadStates } from "./read-states.ts";
import { notificationSettings, ownSetting } from "./notification-levels.ts";
import { hasBlocks, strangersOf } from "./relationships.ts";
import { snapshot } from "./snapshot.ts";
import { privateCounts } from "./unread.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;
/** Null leaves the presence out, as in events. */
type SeenOf = ((userId: number) => SeenPresence) | null;

/** Values of `recipients.request`. */
const waiting = 1;
export const ignored = 2;

/**
 * The user's private channels, the one that was written in last first; `only` selects one. One of two people is theirs
 * once they have opened it or somebody has written or called in it, unless they ignore it. From one snapshot, in a fixed number of queries; in one for the
 * many who have none.
 */
export async function dmStates(db: Db, userId: number, seenOf: SeenOf, only?: number): Promise<DmState[]> {
  const any = await db.selectFrom("recipients").where("user_id", "=", userId).select("channel_id").limit(1).execute();
  if (any.length === 0) return [];
  return snapshot(db, async (at) => {
    const rows = await ownChannels(at, userId, only);
    if (rows.length === 0) return [];
    const people = await peopleOf(at, userId, only);
    const counts = await privateCounts(at, userId, only);
    const settings = await notificationSettings(at, userId);
    const hasStrangers = rows.some((row) => row.pending !== 0 || (row.type === "dm" && row.last_message_seq === 0));
    const strangers = hasStrangers || (await hasBlocks(at, userId)) ? await strangersOf(at, userId) : new Set();
    const shown = seenOf && ((id: number) => (strangers.has(id) ? { status: "offline" as const } : seenOf(id)));
    const states = rows.map((row) => ({
      ...presentDm(row, people(row.id), shown),
      last_message_seq: row.last_message_seq,
      last_message_at: new Date(row.last_message_at).toISOString(),
      read_seq: row.read_seq ?? 0,
      ...(row.read_generation ? { read_generation: row.read_generation } : {}),
      mention_count: counts.get(row.id) ?? 0,
      ...(row.request === waiting && { is_request: true as const }),
      ...ownSetting(settings, `channel:${row.id}`),
    }));
    return states.toSorted((a, b) => b.last_message_at.localeCompare(a.last_message_at) || b.id - a.id);
  });
}

function ownChannels(db: Db, userId: number, only: number | undefined) {
  return db
    .selectFrom("recipients as me")
    .innerJoin("channels", "channels.id", "me.channel_id")
    .leftJoin("read_states as r", (join) =>
      join.onRef("r.channel_id", "=", "channels.id").onRef("r.user_id", "=", "me.user_id"),
    )
    .leftJoin("messages as last", (join) =>
      join.onRef("last.channel_id", "=", "channels.id").onRef("last.seq", "=", "channels.last_message_seq"),
    )
    .where("me.user_id", "=", userId)
    .where("me.request", "!=", ignored)
    .$if(only !== undefined, (query) => query.where("channels.id", "=", only!))
    .where((is) =>
      is.or([
        is("me.has_opened", "=", 1),
        is("channels.type", "=", "group"),
        is("channels.last_message_seq", ">", 0),
        is.and([is("me.request", "=", 0), is.exists(callIn(db))]),
      ]),
    )
    .select(["channels.id", "channels.type", "channels.name", "channels.owner_id", "channels.last_message_seq"])
    .select(["channels.picture", "channels.unencrypted", "me.request"])
    .select(sql<number>`(select max(p.request) from recipients p where p.channel_id = channels.id)`.as("pending"))
    .select([
      "r.seq as read_seq",
      "r.generation as read_generation",
      sql<number>`coalesce(last.created_at, channels.created_at)`.as("last_message_at"),
    ])
    .execute();
}

function callIn(db: Db) {
  return db
    .selectFrom("calls")
    .where("calls.channel_id", "=", sql<number>`channels.id`)
    .select(sql.lit(1).as("one"));
}

/**
 * The people of the user's private channels, in the order in which they came. The user's own row is read once: a row for
 * each channel would cost as much as all else.
 */
async function peopleOf(db: Db, userId: number, only?: number): Promise<(channelId: number) => User[]> {
  const own = await db.selectFrom("users").where("id", "=", userId).select(userColumns).executeTakeFirst();
  const rows = await db
    .selectFrom("recipients as me")
    .innerJoin("recipients", "recipients.channel_id", "me.channel_id")
    .innerJoin("users", "users.id", "recipients.user_id")
    .where("me.user_id", "=", userId)
    .whereRef("recipients.user_id", "!=", "me.user_id")
    .$if(only !== undefined, (query) => query.where("me.channel_id", "=", only!))
    .select(userColumns)
    .select(["recipients.channel_id", "recipients.joined_at", "me.joined_at as own_joined_at"])
    .execute();
  const inOrder = (all: typeof rows): User[] => {
    const self = own ? [{ ...own, joined_at: all[0]?.own_joined_at ?? 0 }] : [];
    return [...all, ...self].toSorted((a, b) => a.joined_at - b.joined_at || a.id - b.id).map(presentUser);
  };
  const byChannel = Map.groupBy(rows, (row) => row.channel_id);
  return (channelId) => inOrder(byChannel.get(channelId) ?? []);
}

interface DmRow {
  id: number;
  type: string;
  name: string;
  owner_id: number | null;
  picture: string | null;
  unencrypted: number;
}

function presentDm(
  { id, type, name, owner_id, picture, unencrypted }: DmRow,
  people: readonly User[],
  seenOf: SeenOf,
): Dm {
  const recipients = people.map((user) => ({ ...user, ...seenOf?.(user.id) }));
  const icon_url = addressOf(picture);
  const own = { id, type: type as Dm["type"], name: name === "" ? null : name, owner_id, icon_url };
  return { ...own, recipients, ...(unencrypted === 1 && { calls_encrypted: false as const }) };
}

/** The channel of these two people; undefined before it was opened. */
export function pairChannel(
  db: Db,
  one: number,
  other: number,
): Promise<{ id: number; has_opened: number; request: number } | undefined> {
  return db
    .selectFrom("channels")
    .innerJoin("recipients", (join) =>
      join.onRef("recipients.channel_id", "=", "channels.id").on("recipients.user_id", "=", one),
    )
    .where("channels.pair_key", "=", pairKey(one, other))
    .select(["channels.id", "recipients.has_opened", "recipients.request"])
    .executeTakeFirst();
}

function pairKey(one: number, other: number): string {
  return `${Math.min(one, other)}:${Math.max(one, other)}`;
}

/** Returns the id of the new channel; throws a unique violation when the two have one. Must run inside a transaction. */
export async function insertPair(db: Db, opener: number, other: number, now: number): Promise<number> {
  const { id } = await db
    .insertInto("channels")
    .values({ ...newPrivate, type: "dm", created_at: now, pair_key: pairKey(opener, other) })
    .returning("id")
    .executeTakeFirstOrThrow();
  await insertRecipients(db, id, [opener, other], now);
  await setOpened(db, id, opener);
  await askStrangers(db, id, opener, [other]);
  return id;
}

/** A stranger's conversation is a request until it is accepted, whatever the two come to share meanwhile. */
async function askStrangers(db: Db, channelId: number, opener: number, others: readonly number[]): Promise<void> {
  await db
    .updateTable("recipients")
    .set({ request: waiting })
    .where("channel_id", "=", channelId)
    .where("user_id", "in", others)
    .where(sql<boolean>`not ${sql.raw(areFriends("recipients.user_id", String(opener)))}`)
    .where(sql<boolean>`not ${sql.raw(shareServer("recipients.user_id", String(opener)))}`)
    .execute();
}

/** Whether the user has not answered yet. */
export async function isRequest(db: Db, channelId: number, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom("recipients")
    .where("channel_id", "=", channelId)
    .where("user_id", "=", userId)
    .select("request")
    .executeTakeFirst();
  return row?.request === waiting;
}

/** Ignores the request; false when it is none. */
export async function ignoreRequest(db: Db, channelId: number, userId: number): Promise<boolean> {
  const result = await db
    .updateTable("recipients")
    .set({ request: ignored })
    .where("channel_id", "=", channelId)
    .where("user_id", "=", userId)
    .where("request", "=", waiting)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Returns the id of the new channel. Must run inside a transaction. */
export async function insertGroup(
  db: Db,
  { ownerId, userIds, name, now }: { ownerId: number; userIds: readonly number[]; name: string; now: number },
): Promise<number> {
  const { id } = await db
    .insertInto("channels")
    .values({ ...newPrivate, name, type: "group", created_at: now, owner_id: ownerId })
    .returning("id")
    .executeTakeFirstOrThrow();
  await insertRecipients(db, id, [ownerId, ...userIds], now);
  await setOpened(db, id, ownerId);
  if (userIds.length > 0) await askStrangers(db, id, ownerId, userIds);
  return id;
}

const newPrivate = { server_id: null, name: "", position: 0, restricted: 1 };

function insertRecipients(db: Db, channelId: number, userIds: readonly number[], now: number) {
  const rows = userIds.map((user_id) => ({ channel_id: channelId, user_id, joined_at: now }));
  return db
    .insertInto("recipients")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The user opened the conversation, and so accepts answers in it; it counts as theirs. False when it did already. */
export async function setOpened(db: Db, channelId: number, userId: number): Promise<boolean> {
  const result = await db
    .updateTable("recipients")
    .set({ has_opened: 1, request: 0 })
    .where("channel_id", "=", channelId)
    .where("user_id", "=", userId)
    .where((is) => is.or([is("has_opened", "=", 0), is("request", "!=", 0)]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

interface NewRecipient {
  userId: number;
  /** Who adds them. */
  by: number;
  now: number;
}

/** Adds somebody to a group, for whom earlier messages are not unread. */
export async function addRecipient(db: Db, channelId: number, { userId, by, now }: NewRecipient): Promise<void> {
  await insertRecipients(db, channelId, [userId], now);
  await askStrangers(db, channelId, by, [userId]);
  const { seq } = await db.selectFrom("channels").where("id", "=", channelId).select("seq").executeTakeFirstOrThrow();
  await raiseReadStates(db, [{ userId, channelId, seq }]);
}

/** The owner of a group is followed by whoever has been in it for longest. Returns how many people are left. */
export async function removeRecipient(db: Db, channelId: number, userId: number): Promise<number> {
  await db.deleteFrom("recipients").where("channel_id", "=", channelId).where("user_id", "=", userId).execute();
  const left = await recipientIds(db, channelId);
  await db
    .updateTable("channels")
    .set({ owner_id: left[0] ?? null })
    .where("id", "=", channelId)
    .where("owner_id", "=", userId)
    .execute();
  return left.length;
}

/** In the order in which they came. */
export async function recipientIds(db: Db, channelId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("recipients")
    .where("channel_id", "=", channelId)
    .orderBy("joined_at")
    .orderBy("user_id")
    .select("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

/** User ids by channel, of private channels; others are absent. */
export async function recipientsOfChannels(db: Db, channelIds: readonly number[]): Promise<Map<number, Set<number>>> {
  const rows = await db
    .selectFrom("recipients")
    .where("channel_id", "in", channelIds)
    .select(["channel_id", "user_id"])
    .execute();
  const byChannel = Map.groupBy(rows, (row) => row.channel_id);
  return new Map([...byChannel].map(([id, all]) => [id, new Set(all.map((row) => row.user_id))]));
}

/** Undefined when there is no such group. Others that call this wait for the end of the transaction. */
export function lockGroup(db: Db, channelId: number): Promise<{ owner_id: number | null } | undefined> {
  return db
    .updateTable("channels")
    .set((row) => ({ owner_id: row.ref("owner_id") }))
    .where("id", "=", channelId)
    .where("type", "=", "group")
    .returning("owner_id")
    .executeTakeFirst();
}

/** Undefined when there is no such group. */
export function groupOf(db: Db, channelId: number): Promise<{ owner_id: number | null } | undefined> {
  return db
    .selectFrom("channels")
    .where("id", "=", channelId)
    .where("type", "=", "group")
    .select("owner_id")
    .executeTakeFirst();
}

export async function renameGroup(db: Db, channelId: number, name: string): Promise<void> {
  await db.updateTable("channels").set({ name }).where("id", "=", channelId).execute();
}

/** Undefined when there is no such private channel. */
export async function dmById(db: Db, channelId: number): Promise<Dm | undefined> {
  const row = await db
    .selectFrom("channels")
    .where("id", "=", channelId)
    .where("server_id", "is", null)
    .select(["id", "type", "name", "owner_id", "picture", "unencrypted"])
    .executeTakeFirst();
  const people = await db
    .selectFrom("recipients")
    .innerJoin("users", "users.id", "recipients.user_id")
    .where("recipients.channel_id", "=", channelId)
    .orderBy("recipients.joined_at")
    .orderBy("recipients.user_id")
    .select(userColumns)
    .execute();
  return row && presentDm(row, people.map(presentUser), null);
}

/** By user: private channels that they opened, and others that they are in. */
export async function countPrivate(
  db: Db,
  userIds: readonly number[],
): Promise<Map<number, { opened: number; others: number }>> {
  const rows = await db
    .selectFrom("recipients")
    .where("user_id", "in", userIds)
    .groupBy(["user_id", "has_opened"])
    .select(["user_id", "has_opened", ({ fn }) => fn.countAll<string | number>().as("count")])
    .execute();
  const countOf = (userId: number, opened: number) =>
    Number(rows.find((row) => row.user_id === userId && row.has_opened === opened)?.count ?? 0);
  return new Map(userIds.map((id) => [id, { opened: countOf(id, 1), others: countOf(id, 0) }]));
}
