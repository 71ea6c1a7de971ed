import { limits, type Channel, type ChannelOverride, type ChannelType } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import * as channels from "../../store/queries/channels.ts";
import { putOverride, refreshRestricted, type RestrictionChange } from "../../store/queries/roles.ts";
import { visibleChannels } from "../../store/queries/visible-channels.ts";
import type { Tables } from "../../store/schema.ts";
import { channelCommand, serverCommand } from "../access.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext, Authentication } from "../context.ts";
import { sendControl, publish, topicOf } from "../publish.ts";
import { requireMayOverride } from "./overrides.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

interface NewChannel {
  name: string;
  type: ChannelType;
  overrides: readonly ChannelOverride[];
}

/** Throws `not_found`, `forbidden`, `invalid_request` or `limit_reached`. */
export async function createChannel(
  context: Context,
  actor: Authentication,
  serverId: number,
  input: NewChannel,
): Promise<Channel> {
  const { store, clock } = context;
  const access = await serverCommand(context, actor, serverId, "manageChannels");
  const { channel, change } = await store.db.transaction().execute(async (db) => {
    for (const override of input.overrides) await requireMayOverride(db, access, { override });
    const inserted = await insert(db, serverId, input, clock.now());
    const { id, name, type } = inserted.channel;
    await recordAction(db, {
      ...by(context, actor, serverId),
      action: "channel_create",
      channel: { id, isRestricted: inserted.change.hidden.length > 0 },
      subject: name,
      changes: [{ field: "type", before: null, after: type }],
    });
    return inserted;
  });
  const { id, username } = actor.user;
  const created_by = { id, username };
  if (change.hidden.length > 0) announceRights(context, serverId, { hidden: [], opened: [] });
  else publish(context, `server:${serverId}`, { type: "channel_created", server_id: serverId, channel, created_by });
  return channel;
}

/** The fields that all entries of an audit log have. */
function by({ clock }: Pick<DomainContext, "clock">, { userId }: Actor, serverId: number) {
  return { serverId, actorId: userId, at: clock.now() };
}

async function insert(
  db: Kysely<Tables>,
  serverId: number,
  { name, type, overrides }: NewChannel,
  now: number,
): Promise<{ channel: Channel; change: RestrictionChange }> {
  const { count, next: position } = await channels.channelRoom(db, serverId);
  if (count >= limits.channelsPerServer) {
    throw new AppError("limit_reached", `A server has at most ${limits.channelsPerServer} channels.`);
  }
  const channel = await channels.insertChannel(db, { serverId, name, type, position, now });
  for (const override of overrides) await putOverride(db, channel.id, override);
  const change = await refreshRestricted(db, serverId);
  const [stored] = await channels.channelsById(db, [channel.id]);
  return { channel: stored!.channel, change };
}

/** Changes name, topic or slow mode. Throws `not_found`, `forbidden`, `invalid_request` or `rate_limited`. */
export async function changeChannel(
  context: Context,
  actor: Actor,
  channelId: number,
  patch: { name?: string | undefined; topic?: string | undefined; slow_mode_s?: number | undefined },
): Promise<Channel> {
  const { serverId } = await channelCommand(context, actor, channelId, "manageChannels");
  const found = await context.store.db.transaction().execute(async (db) => {
    const [before] = await channels.channelsById(db, [channelId]);
    if (!before) return undefined;
    const { name, topic, slow_mode_s, type } = before.channel;
    if (type !== "text" && patch.slow_mode_s) throw new AppError("invalid_request", "Slow mode is for text channels.");
    const fields = {
      name: patch.name ?? name,
      topic: patch.topic ?? topic,
      slow_mode_s: patch.slow_mode_s ?? slow_mode_s,
    };
    const changes = changesOf({ name, topic, slow_mode_s }, fields);
    if (changes.length > 0) {
      await recordAction(db, {
        ...by(context, actor, serverId),
        action: "channel_update",
        channel: { id: channelId, isRestricted: before.isRestricted },
        subject: before.channel.name,
        changes,
      });
    }
    return channels.updateChannel(db, channelId, fields);
  });
  if (!found) throw new AppError("not_found", "There is no such channel.");
  publishUpdated(context, serverId, found);
  return found.channel;
}

function publishUpdated(context: Context, serverId: number, { channel, isRestricted }: channels.FoundChannel): void {
  const topic = topicOf({ id: channel.id, serverId, isRestricted });
  publish(context, topic, { type: "channel_updated", server_id: serverId, channel });
}

/** Deletes the channel with all of its messages and files. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteChannel(
  context: Context & Pick<DomainContext, "storage" | "clock">,
  actor: Actor,
  channelId: number,
): Promise<void> {
  const { serverId } = await channelCommand(context, actor, channelId, "manageChannels");
  const wasRestricted = await channels.deleteChannel(context.store.db, channelId, (db, { name, type, isRestricted }) =>
    recordAction(db, {
      ...by(context, actor, serverId),
      action: "channel_delete",
      channel: { id: channelId, isRestricted },
      subject: name,
      changes: [{ field: "type", before: type, after: null }],
    }),
  );
  sendControl(context, `server:${serverId}`, { type: "channel_removed", channelId });
  if (wasRestricted) announceRights(context, serverId, { hidden: [], opened: [] });
  else publish(context, `server:${serverId}`, { type: "channel_deleted", server_id: serverId, channel_id: channelId });
  await removeDeletedFiles(context);
}

/**
 * `channelIds` names every channel that the actor sees once, in the new order; the others keep their places. Throws
 * `conflict` for another list.
 */
export async function orderChannels(
  context: Context,
  actor: Actor,
  serverId: number,
  channelIds: readonly number[],
): Promise<void> {
  await serverCommand(context, actor, serverId, "manageChannels");
  const order = await context.store.db.transaction().execute(async (db) => {
    const all = await channels.channelIdsOf(db, serverId);
    const seen = new Set(await seenBy(db, actor, serverId, all));
    const named = new Set(channelIds);
    if (named.size !== channelIds.length || named.symmetricDifference(seen).size > 0) {
      throw new AppError("conflict", "The list must name every channel of the server once.");
    }
    const next = channelIds.values();
    const ordered = all.map((id) => (seen.has(id) ? next.next().value! : id));
    await channels.orderChannels(db, ordered);
    const changes = [{ field: "order", before: all, after: ordered }];
    await recordAction(db, { ...by(context, actor, serverId), action: "channels_reorder", changes });
    return channels.channelsById(db, all);
  });
  publishOrder(context, serverId, order);
}

/** Administrators of the instance order the channels of servers that they are no members of. */
async function seenBy(
  db: Kysely<Tables>,
  { userId }: Actor,
  serverId: number,
  all: readonly number[],
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(visibleChannels(db, [userId]))
    .where("visible.server_id", "=", serverId)
    .select("visible.id")
    .execute();
  return rows.length > 0 ? rows.map((row) => row.id) : all;
}

function publishOrder(context: Context, serverId: number, order: readonly channels.FoundChannel[]): void {
  const known = order
    .filter((found) => !found.isRestricted)
    .map((found) => found.channel)
    .toSorted((a, b) => a.position - b.position);
  publish(context, `server:${serverId}`, {
    type: "channels_reordered",
    server_id: serverId,
    channel_ids: known.map(({ id }) => id),
    positions: known.map(({ position }) => position),
  });
  for (const found of order.filter(({ isRestricted }) => isRestricted)) publishUpdated(context, serverId, found);
}
