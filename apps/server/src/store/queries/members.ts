import { foldName } from "@miscord/text";
import { sql, type Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import { parseRoles, rolesOf } from "../rights-sql.ts";
import type { Tables } from "../schema.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

/** User ids of all members, in no particular order. */
export async function memberIds(db: Db, serverId: number): Promise<number[]> {
  const rows = await db.selectFrom("members").where("server_id", "=", serverId).select("user_id").execute();
  return rows.map((row) => row.user_id);
}

/** Ids of the servers of each user; users without a server are absent. */
export async function serversOfUsers(db: Db, userIds: readonly number[]): Promise<Map<number, Set<number>>> {
  const rows = await db
    .selectFrom("members")
    .where("user_id", "in", userIds)
    .select(["user_id", "server_id"])
    .execute();
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, all]) => [userId, new Set(all.map((row) => row.server_id))]));
}

/** User ids of all members by username; as one text, see `rosterOf`. */
export async function memberIdsByName(db: Db, serverId: number): Promise<number[]> {
  const row = await db
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .where("members.server_id", "=", serverId)
    .select(sql<string | null>`string_agg(members.user_id || '', ',' order by users.username_key)`.as("ids"))
    .executeTakeFirst();
  return row?.ids?.split(",").map(Number) ?? [];
}

/** Those of the users who are members, in no particular order. */
export async function membersById(db: Db, serverId: number, userIds: readonly number[]) {
  if (userIds.length === 0) return [];
  return (await membersWithUsers(db, serverId).where("members.user_id", "in", userIds).execute()).map(toMember);
}

/** Members whose username, nickname or display name has the text; first those of whom one begins with it, then words that do. */
export async function membersNamed(db: Db, serverId: number, text: string, limit: number) {
  const wanted = foldName(text).replaceAll(/[\\%_]/g, String.raw`\$&`);
  const like = (pattern: string) =>
    sql<boolean>`(users.username_key like ${pattern} escape '\\' or ${nameKey} like ${pattern} escape '\\'
      or users.display_name_key like ${pattern} escape '\\')`;
  const rows = await membersWithUsers(db, serverId)
    .where(like(`%${wanted}%`))
    .orderBy(sql`case when ${like(`${wanted}%`)} then 0 when ${like(`% ${wanted}%`)} then 1 else 2 end`)
    .orderBy(nameKey)
    .orderBy("users.id")
    .limit(limit)
    .execute();
  return rows.map(toMember);
}

/** Members who joined then or later, the latest first. */
export async function membersSince(db: Db, serverId: number, since: number, limit: number) {
  const rows = await membersWithUsers(db, serverId)
    .where("members.joined_at", ">=", since)
    .orderBy("members.joined_at", "desc")
    .limit(limit)
    .execute();
  return rows.map(toMember);
}

/** What a member list is made of. */
export interface Roster {
  /** All members by name: their ids, and the highest of their roles that is listed separately (0: none). */
  readonly members: readonly { readonly id: number; readonly roleId: number }[];
  /** Roles that are listed separately, the highest first. */
  readonly roleIds: readonly number[];
}

/** The order as one text, since a row for each of ten thousand members costs the thread that reads it many milliseconds. */
export async function rosterOf(db: Db, serverId: number): Promise<Roster> {
  const row = await db
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .where("members.server_id", "=", serverId)
    .select(sql<string | null>`string_agg(members.user_id || '', ',' order by ${nameKey}, members.user_id)`.as("ids"))
    .executeTakeFirst();
  const held = await db
    .selectFrom("roles")
    .leftJoin("member_roles", "member_roles.role_id", "roles.id")
    .where("roles.server_id", "=", serverId)
    .where("roles.hoist", "=", 1)
    .orderBy("roles.position", "desc")
    .select(["roles.id", "member_roles.user_id"])
    .execute();
  const highest = new Map<number, number>();
  for (const { id, user_id } of held) if (user_id !== null && !highest.has(user_id)) highest.set(user_id, id);
  const ids = row?.ids?.split(",").map(Number) ?? [];
  const members = ids.map((id) => ({ id, roleId: highest.get(id) ?? 0 }));
  return { members, roleIds: [...new Set(held.map(({ id }) => id))] };
}

/** The name that a member has in the server, folded. */
const nameKey = sql<string>`coalesce(members.nickname_key, users.display_name_key)`;

/** Undefined when the user is not a member. */
export async function memberOf(db: Db, serverId: number, userId: number) {
  const row = await membersWithUsers(db, serverId).where("members.user_id", "=", userId).executeTakeFirst();
  return row && toMember(row);
}

/** Sets the end of the user's time out in the server; null ends it. Returns false for users who are not members. */
export async function setTimeOut(db: Db, serverId: number, userId: number, until: number | null): Promise<boolean> {
  if (until === null) {
    await db.deleteFrom("timeouts").where("server_id", "=", serverId).where("user_id", "=", userId).execute();
  } else {
    await db
      .insertInto("timeouts")
      .values({ server_id: serverId, user_id: userId, until })
      .onConflict((conflict) => conflict.columns(["server_id", "user_id"]).doUpdateSet({ until }))
      .execute();
  }
  const result = await db
    .updateTable("members")
    .set({ timed_out_until: until })
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** `key`: the nickname folded. */
export async function setNickname(
  db: Db,
  serverId: number,
  userId: number,
  nickname: string | null,
  key: string | null,
): Promise<void> {
  await db
    .updateTable("members")
    .set({ nickname, nickname_key: key })
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .execute();
}

export async function deleteTimeOutsBefore(db: Db, before: number): Promise<void> {
  await db.deleteFrom("timeouts").where("until", "<", before).execute();
}

/** ISO 8601; null for null. */
export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function membersWithUsers(db: Db, serverId: number) {
  return db
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("members.server_id", "=", serverId)
    .select(userColumns)
    .select(["members.joined_at", "members.timed_out_until", "members.nickname", "servers.owner_id"])
    .select([sql<string | null>`${sql.raw(rolesOf("members"))}`.as("roles")]);
}

type Row = Awaited<ReturnType<ReturnType<typeof membersWithUsers>["execute"]>>[number];

function toMember(row: Row) {
  return {
    ...presentUser(row),
    joined_at: new Date(row.joined_at).toISOString(),
    is_owner: row.owner_id === row.id,
    role_ids: parseRoles(row.roles)
      .map((role) => role.id)
      .toSorted((a, b) => a - b),
    timed_out_until: isoOf(row.timed_out_until),
    nickname: row.nickname,
  };
}

/** Position of the member's highest role; 0 for users who have none, also when they are no members. */
export async function rankOf(db: Db, serverId: number, userId: number): Promise<number> {
  const row = await db
    .selectFrom("member_roles")
    .innerJoin("roles", "roles.id", "member_roles.role_id")
    .where("member_roles.server_id", "=", serverId)
    .where("member_roles.user_id", "=", userId)
    .select(({ fn }) => fn.max("roles.position").as("position"))
    .executeTakeFirst();
  return row?.position ?? 0;
}

/** Returns false when the user was a member already. A time out goes on for those who come back. */
export async function addMember(db: Db, serverId: number, userId: number, now: number): Promise<boolean> {
  const result = await db
    .insertInto("members")
    .values({
      server_id: serverId,
      user_id: userId,
      joined_at: now,
      timed_out_until: db
        .selectFrom("timeouts")
        .where("server_id", "=", serverId)
        .where("user_id", "=", userId)
        .where("until", ">", now)
        .select("until"),
    })
    .onConflict((conflict) => conflict.columns(["server_id", "user_id"]).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/**
 * Keeps the member from leaving until the transaction ends. Returns false when the user is none.
 */
export async function holdMember(db: Db, serverId: number, userId: number): Promise<boolean> {
  const result = await db
    .updateTable("members")
    .set((row) => ({ joined_at: row.ref("joined_at") }))
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Returns false when the user was not a member. */
export async function removeMember(db: Db, serverId: number, userId: number): Promise<boolean> {
  const result = await db
    .deleteFrom("members")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
