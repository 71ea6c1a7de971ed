import type {
  Channel,
  ChannelState,
  ChannelType,
  Retention,
  Server,
  ServerState,
  ThreadState,
  Verification,
} from "@miscord/protocol";
import { sql, type Kysely, type Selectable, type Updateable } from "kysely";
import { parseForum, presentForum } from "../forum-settings.ts";
import { addressOf } from "../picture-address.ts";
import { overridesOf, parseOverrides } from "../rights-sql.ts";
import { columnsOf, retentionOf, type RetentionColumns } from "../retention-columns.ts";
import type { ChannelsTable, Tables } from "../schema.ts";
import { deleteEmojisOf, emojisByServers } from "./emojis.ts";
import { isoOf } from "./members.ts";
import { notificationSettings, ownSetting } from "./notification-levels.ts";
import { deletePictures } from "./pictures.ts";
import { insertEveryone, rolesOfServers } from "./roles.ts";
import { snapshot } from "./snapshot.ts";
import { deleteSoundsOf, presentSound, soundsOfServers } from "./sounds.ts";
import { activeFollowed } from "./threads.ts";
import { mentionCounts } from "./unread.ts";
import { visibleChannels } from "./visible-channels.ts";
import { deleteWebhookPicturesOf } from "./webhook-pictures.ts";

type Db = Kysely<Tables>;
type ServerRow = Selectable<Tables["servers"]>;
type ChannelRow = Pick<
  Selectable<ChannelsTable>,
  | "id"
  | "name"
  | "type"
  | "position"
  | "category_id"
  | "topic"
  | "slow_mode_s"
  | "encrypted"
  | "region"
  | "forum"
  | keyof RetentionColumns
> & {
  server_id: number;
  /** Of `rights-sql.ts`. */
  overrides: string | null;
};

/** Voice states are not in the database. */
export type StoredServerState = Omit<ServerState, "voice_states">;

/**
 * The user's servers in the order of joining, with channels, read positions and mention counts: a fixed number of queries for any
 * number of servers, from one snapshot. `only` selects one server.
 */
export async function serverStates(
  db: Db,
  userId: number,
  { now, only }: { now: number; only?: number },
): Promise<StoredServerState[]> {
  // Beside the snapshot: each of its statements waits for the event loop, and a setting is told whole when it changes.
  const [settings, states] = await Promise.all([
    notificationSettings(db, userId),
    storedStates(db, userId, { now, only }),
  ]);
  return states.map((server) => ({
    ...server,
    channels: server.channels.map((channel) => ({ ...channel, ...ownSetting(settings, `channel:${channel.id}`) })),
    threads: server.threads.map((thread) => ({ ...thread, ...ownSetting(settings, `channel:${thread.id}`) })),
    ...ownSetting(settings, `server:${server.id}`),
  }));
}

function storedStates(
  db: Db,
  userId: number,
  { now, only }: { now: number; only: number | undefined },
): Promise<(StoredServerState & { threads: ThreadState[] })[]> {
  return snapshot(db, async (at) => {
    const servers = await serversWithCounts(at, userId, only);
    const channels = await channelsWithReads(at, userId, only);
    const threads = await activeFollowed(at, userId, { only, now });
    const mentions = await mentionCounts(at, userId, only);
    const ids = servers.map(({ id }) => id);
    const roles = await rolesOfServers(at, ids);
    const emojis = await emojisByServers(at, "emojis", ids);
    const stickers = await emojisByServers(at, "stickers", ids);
    const sounds = Map.groupBy(await soundsOfServers(at, ids), (sound) => sound.server_id);
    const held = await heldRoles(at, userId);
    const rolesByServer = Map.groupBy(roles, (role) => role.server_id);
    const heldByServer = Map.groupBy(held, (row) => row.server_id);
    const byServer = Map.groupBy(channels, (channel) => channel.server_id);
    const threadsByServer = Map.groupBy(threads, (thread) => thread.server_id);
    const visible = new Set(channels.map(({ id }) => id));
    return servers.map((server) => ({
      ...presentServer(server),
      timed_out_until: isoOf(server.timed_out_until),
      joined_at: toIso(server.joined_at),
      rules_accepted: server.rules_accepted_at !== null,
      onboarded: server.onboarded_at !== null,
      member_count: server.member_count,
      roles: rolesByServer.get(server.id) ?? [],
      emojis: emojis.get(server.id) ?? [],
      stickers: stickers.get(server.id) ?? [],
      sounds: (sounds.get(server.id) ?? []).map(presentSound),
      role_ids: (heldByServer.get(server.id) ?? []).map((row) => row.role_id),
      channels: (byServer.get(server.id) ?? []).map((row) =>
        toChannelState(inVisible(row, visible), mentions.get(row.id) ?? 0),
      ),
      threads: (threadsByServer.get(server.id) ?? []).map((thread) => ({
        ...thread,
        mention_count: mentions.get(thread.id) ?? 0,
      })),
    }));
  });
}

function heldRoles(db: Db, userId: number): Promise<{ server_id: number; role_id: number }[]> {
  // By way of the memberships: the roles of a member are found by their server.
  return db
    .selectFrom("members")
    .innerJoin("member_roles", (join) =>
      join
        .onRef("member_roles.server_id", "=", "members.server_id")
        .onRef("member_roles.user_id", "=", "members.user_id"),
    )
    .where("members.user_id", "=", userId)
    .orderBy("member_roles.role_id")
    .select(["member_roles.server_id", "member_roles.role_id"])
    .execute();
}

function serversWithCounts(db: Db, userId: number, only: number | undefined) {
  return db
    .selectFrom("members as me")
    .innerJoin("servers", "servers.id", "me.server_id")
    .where("me.user_id", "=", userId)
    .$if(only !== undefined, (query) => query.where("servers.id", "=", only!))
    .orderBy("me.joined_at")
    .orderBy("servers.id")
    .selectAll("servers")
    .select(["me.timed_out_until", "me.joined_at", "me.rules_accepted_at", "me.onboarded_at"])
    .select((select) =>
      select
        .selectFrom("members")
        .whereRef("members.server_id", "=", "servers.id")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .$asScalar()
        .$notNull()
        .as("member_count"),
    )
    .execute();
}

function channelsWithReads(db: Db, userId: number, only: number | undefined) {
  return db
    .selectFrom(visibleChannels(db, [userId]))
    .leftJoin("read_states", (join) =>
      join.onRef("read_states.channel_id", "=", "visible.id").onRef("read_states.user_id", "=", "visible.viewer_id"),
    )
    .$if(only !== undefined, (query) => query.where("visible.server_id", "=", only!))
    .orderBy("visible.position")
    .orderBy("visible.id")
    .selectAll("visible")
    .select([
      "read_states.seq as read_seq",
      "read_states.generation as read_generation",
      overrides("visible").as("overrides"),
    ])
    .execute();
}

/** The channel for somebody who sees these channels: without a category that is not among them. */
export function inVisible<Row extends { category_id: number | null }>(row: Row, visible: ReadonlySet<number>): Row {
  return row.category_id === null || visible.has(row.category_id) ? row : { ...row, category_id: null };
}

function toChannelState(
  row: ChannelRow & { last_message_seq: number; read_seq: number | null; read_generation: number | null },
  mentionCount: number,
): ChannelState {
  return {
    ...presentChannel(row),
    last_message_seq: row.last_message_seq,
    read_seq: row.read_seq ?? 0,
    ...(row.read_generation ? { read_generation: row.read_generation } : {}),
    mention_count: mentionCount,
  };
}

function presentServer({ id, name, owner_id, created_at, everyone_role_id, ...row }: ServerRow): Server {
  const { raid_since: since, raid_until: until } = row;
  const raid_mode = since === null || until === null ? null : { since: toIso(since), until: toIso(until) };
  const minutes = { account_minutes: row.verify_account_minutes, member_minutes: row.verify_member_minutes };
  const isOpen = minutes.account_minutes === 0 && minutes.member_minutes === 0 && row.rules === null;
  const verification = isOpen ? null : { ...minutes, rules: row.rules ?? "" };
  return {
    id,
    name,
    owner_id,
    created_at: toIso(created_at),
    everyone_role_id,
    raid_mode,
    verification,
    retention: retentionOf(row),
    onboarding_since: isoOf(row.onboarding_since),
    description: row.description,
    is_public: row.public_since !== null,
    is_unlisted: row.unlisted === 1,
    icon_url: addressOf(row.picture),
    factor_required: row.factor_required === 1,
    link_previews: row.link_previews === 1,
  };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

export function presentChannel({ overrides, type, ...row }: ChannelRow): Channel {
  const { id, server_id, name, position, category_id, topic, slow_mode_s } = row;
  const placed = { id, server_id, name, type: type as ChannelType, position, category_id };
  const forum = row.forum === null ? {} : { forum: presentForum(parseForum(row.forum)) };
  const isCall = type === "voice" || type === "stage";
  const call = isCall ? { is_encrypted: row.encrypted === 1, region: row.region } : {};
  const settings = { overrides: parseOverrides(overrides), topic, slow_mode_s, retention: retentionOf(row) };
  return { ...placed, ...settings, ...call, ...forum };
}

/** The overrides of the row of `channels`, or of a table of that shape, for `presentChannel`. */
export function overrides(channels: string) {
  return sql<string | null>`${sql.raw(overridesOf(channels))}`;
}

/** Inserts the server with its base role; returns its id. Must run inside a transaction. */
export async function insertServer(db: Db, server: { name: string; ownerId: number; now: number }): Promise<number> {
  const { id } = await db
    .insertInto("servers")
    .values({ name: server.name, owner_id: server.ownerId, created_at: server.now })
    .returning("id")
    .executeTakeFirstOrThrow();
  await insertEveryone(db, id, server.now);
  return id;
}

/** Undefined when there is no such server. */
export async function renameServer(db: Db, serverId: number, name: string): Promise<Server | undefined> {
  return changeServerRow(db, serverId, { name });
}

/** Undefined when the server does not belong to `from` any more. */
export async function changeOwner(
  db: Db,
  serverId: number,
  { from, to }: { from: number; to: number },
): Promise<Server | undefined> {
  const row = await db
    .updateTable("servers")
    .set({ owner_id: to })
    .where("id", "=", serverId)
    .where("owner_id", "=", from)
    .returningAll()
    .executeTakeFirst();
  return row && presentServer(row);
}

export async function serverById(db: Db, serverId: number): Promise<Server | undefined> {
  const row = await db.selectFrom("servers").where("id", "=", serverId).selectAll().executeTakeFirst();
  return row && presentServer(row);
}

/** Undefined when there is no such server. */
export async function ownerOf(db: Db, serverId: number): Promise<number | undefined> {
  const row = await db.selectFrom("servers").where("id", "=", serverId).select("owner_id").executeTakeFirst();
  return row?.owner_id;
}

/** Undefined when there is no such server. */
export async function setVerification(
  db: Db,
  serverId: number,
  { account_minutes, member_minutes, rules }: Verification,
): Promise<Server | undefined> {
  return changeServerRow(db, serverId, {
    verify_account_minutes: account_minutes,
    verify_member_minutes: member_minutes,
    rules: rules || null,
  });
}

/** Undefined when there is no such server. */
export async function setServerRetention(db: Db, serverId: number, rule: Retention): Promise<Server | undefined> {
  return changeServerRow(db, serverId, columnsOf(rule));
}

/** Undefined when there is no such server. */
export async function changeServerRow(
  db: Db,
  serverId: number,
  change: Updateable<Tables["servers"]>,
): Promise<Server | undefined> {
  const row = await db.updateTable("servers").set(change).where("id", "=", serverId).returningAll().executeTakeFirst();
  return row && presentServer(row);
}

/** Its picture, its emoji, stickers and sounds too. Must run inside a transaction. */
export async function deleteServer(db: Db, serverId: number): Promise<void> {
  const emojis = await deleteEmojisOf(db, "emojis", serverId);
  const stickers = await deleteEmojisOf(db, "stickers", serverId);
  const ofWebhooks = await deleteWebhookPicturesOf(db, serverId);
  await deleteSoundsOf(db, serverId);
  const row = await db.deleteFrom("servers").where("id", "=", serverId).returning("picture").executeTakeFirst();
  const pictures = [row?.picture ?? null, ...emojis, ...stickers, ...ofWebhooks].filter((id) => id !== null);
  if (pictures.length > 0) await deletePictures(db, pictures);
}

/** Number of servers that the user is a member of. */
export async function countServersOf(db: Db, userId: number): Promise<number> {
  const { count } = await db
    .selectFrom("members")
    .where("user_id", "=", userId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
