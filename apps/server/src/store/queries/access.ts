import {
  channelPermissions,
  intersection,
  isOwner,
  privateAccess,
  restingPermissions,
  serverPermissions,
  threadPermissions,
  type AccessFacts,
  type MemberRights,
  type Override,
} from "@miscord/rights";
import { sql, type Kysely } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import { recipientsWhere, type RecipientFacts } from "../private-sql.ts";
import {
  heldUntil,
  isActiveAdmin,
  lacksFactor,
  overridesOf,
  parseOverrides,
  parseRoles,
  rolesOf,
  type StoredRole,
} from "../rights-sql.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** What the access policy needs to know about a user in a server, and the server's name. */
export interface ServerAccess extends AccessFacts {
  serverId: number;
  serverName: string;
  everyoneRoleId: number;
  /** Position of the user's highest role; 0 with none but the base role. */
  position: number;
  /** Permissions that count once the user has a second factor. */
  resting: number;
}

/** `permissions` are those in the channel. `serverId` is null for a private channel. */
export interface ChannelAccess extends Omit<ServerAccess, "serverId"> {
  serverId: number | null;
  channelId: number;
  channelName: string;
  type: string;
  /** Of a thread. */
  parentId: number | null;
  /** A post whose first message is not there yet: it may be refused, with the title. */
  isUnopened: boolean;
  /** The channel's position. */
  seq: number;
  /** Some member may not see the channel: its events must not go to all members. */
  isRestricted: boolean;
  /** Its calls are encrypted from end to end. */
  isEncrypted: boolean;
  /** In which its calls are forwarded, if they can be there; null: where their participants are nearest. */
  region: string | null;
  overrides: readonly Override[];
}

/** The user's access to the server at the time; undefined when there is no such server or user. */
export async function serverAccess(
  db: Db,
  userId: number,
  serverId: number,
  now: number,
): Promise<ServerAccess | undefined> {
  const [row] = await serverWithUser(db, userId, serverId);
  if (!row) return undefined;
  const rights = memberRights(row, now);
  const access = toServerAccess(row, rights, serverPermissions(rights));
  if (row.bot_owner_id === null) return access;
  return cappedBy(access, await serverAccess(db, row.bot_owner_id, serverId, now));
}

/** What a bot may do: what its owner may as well. */
function cappedBy<Access extends Omit<ServerAccess, "serverId">>(
  bot: Access,
  owner: Omit<ServerAccess, "serverId"> | undefined,
): Access {
  if (!owner?.isMember) return { ...bot, isMember: false, permissions: 0, position: 0 };
  const position = isOwner(owner) ? bot.position : Math.min(bot.position, owner.position);
  return { ...bot, permissions: intersection(bot.permissions, owner.permissions), position };
}

/** A channel of a server. */
export type ServerChannelAccess = ChannelAccess & { serverId: number };

/** The user's access to the channel at the time; undefined when there is no such channel or user. */
export async function channelAccess(
  db: Db,
  userId: number,
  channelId: number,
  now: number,
): Promise<ChannelAccess | undefined> {
  return (await serverChannelAccess(db, userId, channelId, now)) ?? (await privateChannelAccess(db, userId, channelId));
}

/** The same for the channels of servers only. */
export async function serverChannelAccess(
  db: Db,
  userId: number,
  channelId: number,
  now: number,
): Promise<ServerChannelAccess | undefined> {
  const [row] = await channelWithUser(db, userId, channelId);
  if (!row) return undefined;
  const access = toChannelAccess(row, now);
  if (row.bot_owner_id === null) return access;
  return cappedBy(access, await serverChannelAccess(db, row.bot_owner_id, channelId, now));
}

/** The same for many channels, in one query. Those that are not there are absent. */
export async function serverChannelAccesses(
  db: Db,
  userId: number,
  channelIds: readonly number[],
  now: number,
): Promise<ServerChannelAccess[]> {
  if (channelIds.length === 0) return [];
  const rows = await channelsWithUser(db, userId).where("channels.id", "in", channelIds).execute();
  const ownerId = rows[0]?.bot_owner_id ?? null;
  const all = rows.map((row) => toChannelAccess(row, now));
  if (ownerId === null) return all;
  const owners = new Map(
    (await serverChannelAccesses(db, ownerId, channelIds, now)).map((one) => [one.channelId, one]),
  );
  return all.map((one) => cappedBy(one, owners.get(one.channelId)));
}

function toChannelAccess(row: ChannelRow, now: number): ServerChannelAccess {
  const rights = memberRights(row, now);
  const overrides = parseOverrides(row.overrides);
  const permissions = channelPermissions(rights, overrides);
  const isThread = row.parent_id !== null;
  return {
    ...toServerAccess(row, rights, isThread ? threadPermissions(permissions, row.locked === 1) : permissions),
    parentId: row.parent_id,
    isUnopened: row.type === "post" && row.last_message_seq === 0,
    channelId: row.channel_id,
    channelName: row.channel_name,
    type: row.type,
    seq: row.seq,
    isRestricted: row.restricted === 1,
    isEncrypted: row.encrypted === 1,
    region: row.region,
    overrides,
  };
}

async function privateChannelAccess(db: Db, userId: number, channelId: number): Promise<ChannelAccess | undefined> {
  const people = await recipientsOf(db, channelId);
  const channel = await db
    .selectFrom("channels")
    .where("id", "=", channelId)
    .where("server_id", "is", null)
    .select(["name", "type", "seq", "unencrypted"])
    .executeTakeFirst();
  if (!channel) return undefined;
  const isRecipient = people.some((one) => one.user_id === userId);
  const mayWrite = people.every((one) => one.user_id === userId || one.accepts === 1);
  return {
    ...privateAccess({ userId, isRecipient, mayWrite }),
    serverId: null,
    serverName: "",
    everyoneRoleId: 0,
    position: 0,
    resting: 0,
    channelId,
    channelName: channel.name,
    type: channel.type,
    parentId: null,
    isUnopened: false,
    seq: channel.seq,
    isRestricted: true,
    isEncrypted: channel.unencrypted === 0,
    region: null,
    overrides: [],
  };
}

async function recipientsOf(db: Db, channelId: number): Promise<RecipientFacts[]> {
  const query = sql<RecipientFacts>`${sql.raw(recipientsWhere("r.channel_id = "))}${channelId}`;
  return (await query.execute(db)).rows;
}

const lacking = lacksFactor({ servers: "servers", userId: "users.id" });

/** Every server, with what the user is to it. */
function serversWithUser(db: Db, userId: number) {
  return db
    .selectFrom("servers")
    .innerJoin("users", (join) => join.on("users.id", "=", userId))
    .leftJoin("roles as everyone", "everyone.id", "servers.everyone_role_id")
    .leftJoin("members", (join) =>
      join.onRef("members.server_id", "=", "servers.id").onRef("members.user_id", "=", "users.id"),
    )
    .select(["servers.id as server_id", "servers.owner_id", "servers.name as server_name", "servers.everyone_role_id"])
    .select(["users.id as user_id", "members.joined_at", "everyone.permissions as everyone"])
    .select(sql<number>`${sql.raw(isActiveAdmin("users"))}`.as("is_admin"))
    .select(sql<number>`case when ${sql.raw(lacking)} then 1 else 0 end`.as("lacks_factor"))
    .select(sql<number | null>`${sql.raw(heldUntil({ members: "members", servers: "servers" }))}`.as("held_until"))
    .select(sql<string | null>`${sql.raw(rolesOf("members"))}`.as("roles"))
    .select((is) =>
      is.selectFrom("bots").whereRef("bots.user_id", "=", "users.id").select("bots.owner_id").as("bot_owner_id"),
    );
}

const serverWithUser = compiledOnce((db, userId: number, serverId: number) =>
  serversWithUser(db, userId).where("servers.id", "=", serverId),
);

/** Every channel of a server, with what the user is to that. */
function channelsWithUser(db: Db, userId: number) {
  return serversWithUser(db, userId)
    .innerJoin("channels", "channels.server_id", "servers.id")
    .select(["channels.id as channel_id", "channels.name as channel_name", "channels.type", "channels.seq"])
    .select([
      "channels.last_message_seq",
      "channels.parent_id",
      "channels.locked",
      "channels.encrypted",
      "channels.region",
    ])
    .select(["channels.restricted", sql<string | null>`${sql.raw(overridesOf("channels"))}`.as("overrides")]);
}

const channelWithUser = compiledOnce((db, userId: number, channelId: number) =>
  channelsWithUser(db, userId).where("channels.id", "=", channelId),
);

type ChannelRow = Awaited<ReturnType<ReturnType<typeof channelsWithUser>["execute"]>>[number];
type Row = Awaited<ReturnType<ReturnType<typeof serversWithUser>["execute"]>>[number];

type StoredRights = Omit<MemberRights, "roles"> & { roles: readonly StoredRole[] };

function memberRights(row: Row, now: number): StoredRights {
  return {
    userId: row.user_id,
    ownerId: row.owner_id,
    everyone: { id: row.everyone_role_id, permissions: row.everyone ?? 0 },
    roles: parseRoles(row.roles),
    isTimedOut: row.held_until !== null && row.held_until > now,
    lacksFactor: row.lacks_factor === 1,
  };
}

function toServerAccess(row: Row, rights: StoredRights, permissions: number): ServerAccess {
  return {
    userId: row.user_id,
    serverId: row.server_id,
    ownerId: row.owner_id,
    serverName: row.server_name,
    everyoneRoleId: row.everyone_role_id,
    isMember: row.joined_at !== null,
    isAdmin: row.is_admin === 1,
    permissions,
    resting: restingPermissions(rights),
    position: Math.max(0, ...rights.roles.map((role) => role.position)),
  };
}

/** Servers of which the user is a member, in the order in which they joined. */
export async function serverIdsOf(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("members")
    .where("user_id", "=", userId)
    .orderBy("joined_at")
    .orderBy("server_id")
    .select("server_id")
    .execute();
  return rows.map((row) => row.server_id);
}
