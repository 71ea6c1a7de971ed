import type { ChannelOverride, ForumSettings, Retention, Role } from "@miscord/protocol";
import { everydayPermissions, isRestricted } from "@miscord/rights";
import { sql, type Insertable, type Kysely } from "kysely";
import { parseForum, presentForum } from "../forum-settings.ts";
import { retentionColumns, retentionOf } from "../retention-columns.ts";
import {
  heldUntil,
  lacksFactor,
  overridesOf,
  parseOverrides,
  parseRoles,
  rolesOf,
  type StoredRole,
} from "../rights-sql.ts";
import type { ChannelsTable, RoleRow, RolesTable, Tables } from "../schema.ts";
import { indexIn } from "./index-in.ts";

type Db = Kysely<Tables>;

/** Roles of the servers, the base role of each first, then by position. */
export async function rolesOfServers(db: Db, serverIds: readonly number[]): Promise<Role[]> {
  if (serverIds.length === 0) return [];
  const rows = await db
    .selectFrom("roles")
    .where("server_id", "in", serverIds)
    .orderBy("position")
    .orderBy("id")
    .selectAll()
    .execute();
  return rows.map(presentRole);
}

export async function roleById(db: Db, roleId: number): Promise<Role | undefined> {
  const row = await db.selectFrom("roles").where("id", "=", roleId).selectAll().executeTakeFirst();
  return row && presentRole(row);
}

function presentRole({
  id,
  server_id,
  name,
  color,
  permissions,
  hoist,
  mentionable,
  position,
  offered,
}: RoleRow): Role {
  const flags = { hoist: hoist === 1, mentionable: mentionable === 1 };
  const role = { id, server_id, name, color, permissions, ...flags, position };
  return offered === 1 ? { ...role, offered: true } : role;
}

/** Inserts the base role of a new server. */
export async function insertEveryone(db: Db, serverId: number, now: number): Promise<void> {
  const { id } = await insertRow(db, {
    server_id: serverId,
    name: "everyone",
    color: null,
    permissions: everydayPermissions,
    position: 0,
    created_at: now,
  });
  await db.updateTable("servers").set({ everyone_role_id: id }).where("id", "=", serverId).execute();
}

export type RoleFields = Pick<Role, "name" | "color" | "permissions" | "hoist" | "mentionable">;

/** Inserts the role as the lowest but the base role. */
export async function insertRole(db: Db, serverId: number, fields: RoleFields, now: number): Promise<Role> {
  await db
    .updateTable("roles")
    .set((set) => ({ position: set("position", "+", 1) }))
    .where("server_id", "=", serverId)
    .where("position", ">", 0)
    .execute();
  const row = await insertRow(db, { ...toColumns(fields), server_id: serverId, position: 1, created_at: now });
  return presentRole(row);
}

function insertRow(db: Db, row: Insertable<RolesTable>): Promise<RoleRow> {
  return db.insertInto("roles").values(row).returningAll().executeTakeFirstOrThrow();
}

export async function updateRole(db: Db, roleId: number, fields: RoleFields): Promise<void> {
  await db.updateTable("roles").set(toColumns(fields)).where("id", "=", roleId).execute();
}

function toColumns({ name, color, permissions, hoist, mentionable }: RoleFields) {
  return { name, color, permissions, hoist: hoist ? 1 : 0, mentionable: mentionable ? 1 : 0 };
}

/** Sets each role's position to its index in the list. */
export async function orderRoles(db: Db, roleIds: readonly number[]): Promise<void> {
  if (roleIds.length === 0) return;
  const position = indexIn(roleIds, "roles.id");
  await db
    .updateTable("roles")
    .set({ position })
    .where("id", "in", roleIds)
    .where("position", "!=", position)
    .execute();
}

/** Deletes the role, with the overrides for it. */
export async function deleteRole(db: Db, roleId: number): Promise<void> {
  await db.deleteFrom("channel_overrides").where("type", "=", "role").where("target_id", "=", roleId).execute();
  await db.deleteFrom("roles").where("id", "=", roleId).execute();
}

/** Ids of the member's roles besides the base role, ascending. */
export async function roleIdsOf(db: Db, serverId: number, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("member_roles")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .orderBy("role_id")
    .select("role_id")
    .execute();
  return rows.map((row) => row.role_id);
}

export async function giveRole(db: Db, serverId: number, userId: number, roleId: number): Promise<void> {
  await db
    .insertInto("member_roles")
    .values({ server_id: serverId, user_id: userId, role_id: roleId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function takeRole(db: Db, serverId: number, userId: number, roleId: number): Promise<void> {
  await db
    .deleteFrom("member_roles")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .where("role_id", "=", roleId)
    .execute();
}

export async function putOverride(
  db: Db,
  channels: number | readonly number[],
  override: ChannelOverride,
): Promise<void> {
  const { allow, deny } = override;
  await db
    .insertInto("channel_overrides")
    .values([channels].flat().map((channel_id) => ({ channel_id, ...override })))
    .onConflict((conflict) => conflict.columns(["channel_id", "type", "target_id"]).doUpdateSet({ allow, deny }))
    .execute();
}

export async function deleteOverride(
  db: Db,
  channelIds: readonly number[],
  { type, target_id }: Pick<ChannelOverride, "type" | "target_id">,
): Promise<void> {
  await db
    .deleteFrom("channel_overrides")
    .where("channel_id", "in", channelIds)
    .where("type", "=", type)
    .where("target_id", "=", target_id)
    .execute();
}

/** Of all channels of the server together. */
export async function countOverrides(db: Db, serverId: number): Promise<number> {
  const { count } = await db
    .selectFrom("channels")
    .innerJoin("channel_overrides", "channel_overrides.channel_id", "channels.id")
    .where("channels.server_id", "=", serverId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Gives the channels the overrides of another one, in place of their own. */
export async function copyOverrides(db: Db, fromId: number, channelIds: readonly number[]): Promise<void> {
  if (channelIds.length === 0) return;
  await db.deleteFrom("channel_overrides").where("channel_id", "in", channelIds).execute();
  await db
    .insertInto("channel_overrides")
    .columns(["channel_id", "type", "target_id", "allow", "deny"])
    .expression(
      db
        .selectFrom("channel_overrides as source")
        .innerJoin("channels", (join) => join.on("channels.id", "in", channelIds))
        .where("source.channel_id", "=", fromId)
        .select(["channels.id", "source.type", "source.target_id", "source.allow", "source.deny"]),
    )
    .execute();
}

/** A server's base role and channels, without threads, as the access policy needs them. */
export interface ServerRights {
  readonly ownerId: number;
  readonly everyone: { readonly id: number; readonly permissions: number };
  readonly channels: readonly ChannelRights[];
}

export type ChannelRights = Pick<ChannelsTable, "name" | "type" | "position" | "category_id"> & {
  id: number;
  server_id: number;
  topic: string;
  slow_mode_s: number;
  is_encrypted?: boolean;
  region?: string | null;
  retention: Retention | null;
  forum?: ForumSettings;
  last_message_seq: number;
  isRestricted: boolean;
  overrides: ChannelOverride[];
};

/** Undefined when there is no such server. */
export async function serverRights(db: Db, serverId: number): Promise<ServerRights | undefined> {
  const server = await db
    .selectFrom("servers")
    .leftJoin("roles", "roles.id", "servers.everyone_role_id")
    .where("servers.id", "=", serverId)
    .select(["servers.owner_id", "servers.everyone_role_id as id", "roles.permissions"])
    .executeTakeFirst();
  if (!server) return undefined;
  const channels = await db
    .selectFrom("channels")
    .where("server_id", "=", serverId)
    .where("parent_id", "is", null)
    .select(["id", "name", "type", "position", "category_id", "topic", "slow_mode_s", ...retentionColumns])
    .select(["encrypted", "region", "last_message_seq", "restricted", "forum"])
    .select(sql<string | null>`${sql.raw(overridesOf("channels"))}`.as("overrides"))
    .execute();
  return {
    ownerId: server.owner_id,
    everyone: { id: server.id, permissions: server.permissions ?? 0 },
    channels: channels.map(({ restricted, overrides, forum, encrypted, region, ...channel }) => ({
      ...channel,
      ...((channel.type === "voice" || channel.type === "stage") && { is_encrypted: encrypted === 1, region }),
      retention: retentionOf(channel),
      ...(forum !== null && { forum: presentForum(parseForum(forum)) }),
      server_id: serverId,
      isRestricted: restricted === 1,
      overrides: parseOverrides(overrides),
    })),
  };
}

/** What the access policy needs to know about a member. */
export interface MemberRoles {
  readonly roles: readonly StoredRole[];
  /** Of a time out, or of the raid mode for those who joined since. */
  readonly timedOutUntil: number | null;
  /** The server requires a second factor of those who moderate, and the member has none. */
  readonly lacksFactor: boolean;
}

const lacking = lacksFactor({ servers: "servers", userId: "members.user_id" });

/** Of the members among these users; others are absent. */
export async function rolesOfMembers(
  db: Db,
  serverId: number,
  userIds: readonly number[],
): Promise<Map<number, MemberRoles>> {
  const rows = await db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("members.server_id", "=", serverId)
    .where("members.user_id", "in", userIds)
    .select(["members.user_id", sql<string | null>`${sql.raw(rolesOf("members"))}`.as("roles")])
    .select(sql<number | null>`${sql.raw(heldUntil({ members: "members", servers: "servers" }))}`.as("held_until"))
    .select(sql<number>`case when ${sql.raw(lacking)} then 1 else 0 end`.as("lacks_factor"))
    .execute();
  return new Map(
    rows.map(({ user_id, roles, held_until: timedOutUntil, lacks_factor }) => [
      user_id,
      { roles: parseRoles(roles), timedOutUntil, lacksFactor: lacks_factor === 1 },
    ]),
  );
}

/** Channels that became restricted, and those that no longer are. */
export interface RestrictionChange {
  readonly hidden: number[];
  readonly opened: number[];
}

/** Brings `channels.restricted` up to date; to be called in each transaction that changes a role or an override. */
export async function refreshRestricted(db: Db, serverId: number): Promise<RestrictionChange> {
  const rights = await serverRights(db, serverId);
  if (!rights) return { hidden: [], opened: [] };
  const changed = rights.channels.filter(
    (channel) => isRestricted(rights.everyone, channel.overrides) !== channel.isRestricted,
  );
  const hidden = changed.filter((channel) => !channel.isRestricted).map(({ id }) => id);
  const opened = changed.filter((channel) => channel.isRestricted).map(({ id }) => id);
  for (const [restricted, ids] of [[1, hidden] as const, [0, opened] as const]) {
    if (ids.length > 0) await db.updateTable("channels").set({ restricted }).where("id", "in", ids).execute();
  }
  return { hidden, opened };
}

export type RoleName = Pick<RoleRow, "id" | "name" | "server_id">;

/** Of these roles, of any server: a text may name roles of servers that its readers are not in. */
export async function roleNames(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, RoleName>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom("roles").where("id", "in", ids).select(["id", "name", "server_id"]).execute();
  return new Map(rows.map((row) => [row.id, row]));
}
