import type { AuditChange, Channel, ChannelType, ForumPatch } from "@miscord/protocol";
import { areSynchronised, checkInChannel } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { serverChannelAccess, type ServerChannelAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction, recordActions } from "../../store/queries/audit-log.ts";
import * as channels from "../../store/queries/channels.ts";
import { lockChannel, removeTags, setForum, storedForum } from "../../store/queries/posts.ts";
import { copyOverrides, refreshRestricted, type RestrictionChange } from "../../store/queries/roles.ts";
import { inVisible } from "../../store/queries/servers.ts";
import { voiceNodeByName } from "../../store/queries/voice-nodes.ts";
import type { Tables } from "../../store/schema.ts";
import { channelCommand, requireAllowed, requireStillIn } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { movedTo, publishOrder, publishUpdated, reorder, seenBy, type NewOrder } from "./channel-order.ts";
import { changedForum, forumFields, removedTags } from "./forum-settings.ts";
import { differencesOf, overrideRecord, requireMayOverride, requireOverrideRoom } from "./overrides.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "voice">;
type Db = Kysely<Tables>;

/** Fields that are undefined stay as they are. */
interface ChannelChange {
  name?: string | undefined;
  topic?: string | undefined;
  slow_mode_s?: number | undefined;
  /** Of a voice channel or a stage: holds from its next call on. */
  is_encrypted?: boolean | undefined;
  /** The same. */
  region?: string | null | undefined;
  category_id?: number | null | undefined;
  /** Index in the order of all channels of the server. */
  position?: number | undefined;
  forum?: ForumPatch | undefined;
}

/**
 * Changes name, topic, slow mode, encryption, region or what a forum has, or moves a channel. One that was synchronised with its category is synchronised with
 * the new one; that takes the right to change its permissions. Throws `not_found` (also for the category), `forbidden`, `invalid_request` or
 * `rate_limited`.
 */
export async function changeChannel(
  context: Context,
  actor: Actor,
  channelId: number,
  { position, ...patch }: ChannelChange,
): Promise<Channel> {
  const { serverId } = await channelCommand(context, actor, channelId, "manageChannels");
  const changed = await context.store.db.transaction().execute(async (db) => {
    const access = await requireStillIn(context, db, actor, { channelId, permission: "manageChannels" });
    if (patch.forum) await lockChannel(db, channelId);
    const [before] = await channels.channelsById(db, [channelId]);
    if (!before) throw new AppError("not_found", "There is no such channel.");
    const restrictions = await changeCategory(db, actor, { access, before, now: context.clock.now() }, patch);
    const fields = changedFields(before.channel, patch);
    if (patch.region) await requireRegion(context, db, patch.region);
    await channels.updateChannel(db, channelId, fields);
    const ofForum = patch.forum ? await changeForum(db, channelId, patch.forum) : [];
    await record(db, by(context, actor, serverId), before, { fields, ofForum });
    const all = await channels.channelIdsOf(db, serverId);
    const order =
      position === undefined
        ? null
        : await reorder(db, by(context, actor, serverId), all, movedTo(all, channelId, position));
    const [found] = await channels.channelsById(db, [channelId]);
    const visible = new Set(await seenBy(db, actor, serverId, all));
    return { found: found!, order, restrictions, visible };
  });
  publishChange(context, serverId, changed);
  return inVisible(changed.found.channel, changed.visible);
}

interface Changed {
  found: channels.FoundChannel;
  order: NewOrder | null;
  /** Null when the overrides did not change. */
  restrictions: RestrictionChange | null;
}

function publishChange(context: Context, serverId: number, { found, order, restrictions }: Changed): void {
  const { id } = found.channel;
  if (restrictions) announceRights(context, serverId, restrictions, { overridden: [id], updated: [id] });
  else publishUpdated(context, serverId, [found]);
  if (order) publishOrder(context, serverId, order);
}

/** The fields that all entries of an audit log have. */
export function by({ clock }: Pick<DomainContext, "clock">, { userId }: Actor, serverId: number) {
  return { serverId, actorId: userId, at: clock.now() };
}

type Fields = Pick<Channel, "name" | "topic" | "slow_mode_s" | "category_id" | "is_encrypted" | "region">;

function changedFields({ type, ...before }: Channel, patch: ChannelChange): Fields {
  if (type !== "text" && type !== "forum" && patch.slow_mode_s) {
    throw new AppError("invalid_request", "Slow mode is for text channels and forums.");
  }
  if (patch.is_encrypted !== undefined && before.is_encrypted === undefined) {
    throw new AppError("invalid_request", "Only calls are encrypted.");
  }
  if (patch.region !== undefined && before.region === undefined) {
    throw new AppError("invalid_request", "Only calls have a region.");
  }
  return {
    name: patch.name ?? before.name,
    topic: patch.topic ?? before.topic,
    slow_mode_s: patch.slow_mode_s ?? before.slow_mode_s,
    category_id: patch.category_id === undefined ? before.category_id : patch.category_id,
    ...(before.is_encrypted !== undefined && { is_encrypted: patch.is_encrypted ?? before.is_encrypted }),
    ...(before.region !== undefined && { region: patch.region === undefined ? before.region : patch.region }),
  };
}

/** One that is away at present will do: its calls are forwarded elsewhere meanwhile. */
async function requireRegion({ voice }: Context, db: Db, name: string): Promise<void> {
  if (voice.ownRegion === name || (await voiceNodeByName(db, name))) return;
  throw new AppError("invalid_request", "There is no such region.");
}

/** Returns the changes for the audit log. */
async function changeForum(db: Db, channelId: number, patch: ForumPatch): Promise<AuditChange[]> {
  const before = await storedForum(db, channelId);
  if (!before) throw new AppError("invalid_request", "Only a forum has posts and tags.");
  const after = changedForum(before, patch);
  await setForum(db, channelId, after);
  await removeTags(db, channelId, removedTags(before, after));
  return changesOf(forumFields(before), forumFields(after));
}

async function record(
  db: Db,
  entry: ReturnType<typeof by>,
  { channel, isRestricted }: channels.FoundChannel,
  { fields, ofForum }: { fields: Fields; ofForum: readonly AuditChange[] },
): Promise<void> {
  const { name, topic, slow_mode_s, category_id, is_encrypted, region } = channel;
  const ofCalls = { ...(is_encrypted !== undefined && { is_encrypted }), ...(region !== undefined && { region }) };
  const former = { name, topic, slow_mode_s, category_id, ...ofCalls };
  const changes = [...changesOf<Fields>(former, fields), ...ofForum];
  if (changes.length === 0) return;
  const about = { channel: { id: channel.id, isRestricted }, subject: name };
  await recordAction(db, { ...entry, ...about, action: "channel_update", changes });
}

interface Moved {
  access: ServerChannelAccess;
  before: channels.FoundChannel;
  now: number;
}

/** Gives a synchronised channel the overrides of its new category. Null when that changes nothing. */
async function changeCategory(
  db: Db,
  actor: Actor,
  { access, before, now }: Moved,
  { category_id: nextId }: ChannelChange,
): Promise<RestrictionChange | null> {
  const { serverId, type, id, category_id: formerId, overrides } = { ...before.channel, ...access };
  if (nextId === undefined || nextId === null) return null;
  const named = { serverId, type: type as ChannelType, id: nextId, now };
  if (nextId === formerId) {
    // Whoever does not see it is told the same of it as of any other.
    await seenCategory(db, actor, named);
    return null;
  }
  const next = await requireCategory(db, actor, named);
  const [former] = formerId === null ? [] : await channels.channelsById(db, [formerId]);
  if (!former || !areSynchronised(overrides, former.channel.overrides)) return null;
  const changes = differencesOf(overrides, next.overrides);
  if (changes.length === 0) return null;
  for (const change of changes) await requireMayOverride(db, access, { ...change, mayHaveLeft: true });
  await copyOverrides(db, nextId, [id]);
  if (next.overrides.length > overrides.length) await requireOverrideRoom(db, serverId);
  const restrictions = await refreshRestricted(db, serverId);
  const isRestricted = before.isRestricted || restrictions.hidden.includes(id);
  const records = changes.flatMap((change) => overrideRecord({ ...access, isRestricted }, change, now) ?? []);
  await recordActions(db, records);
  return restrictions;
}

/**
 * The category, for actors who may put channels of the type into it. Throws `not_found` when they do not see it,
 * `forbidden` when they may not change it, `invalid_request` for what is no category, and for a category inside it.
 */
export async function requireCategory(
  db: Db,
  actor: Actor,
  { type, ...named }: NamedCategory & { type: ChannelType },
): Promise<ServerChannelAccess> {
  const category = await seenCategory(db, actor, named);
  requireAllowed(checkInChannel(category, "manageChannels"), "channel");
  if (category.type !== "category") throw new AppError("invalid_request", "This channel is no category.");
  if (type === "category") throw new AppError("invalid_request", "A category cannot be in a category.");
  return category;
}

interface NamedCategory {
  id: number;
  serverId: number;
  now: number;
}

async function seenCategory(
  db: Db,
  { userId }: Actor,
  { id, serverId, now }: NamedCategory,
): Promise<ServerChannelAccess> {
  const category = await serverChannelAccess(db, userId, id, now);
  const isSeen = category?.serverId === serverId && checkInChannel(category, "manageChannels") !== "hidden";
  if (!isSeen) throw new AppError("not_found", "There is no such category.");
  return category;
}
