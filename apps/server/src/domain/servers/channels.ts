import { limits, type Channel, type ChannelOverride, type ChannelType } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import * as channels from "../../store/queries/channels.ts";
import { copyOverrides, putOverride, refreshRestricted } from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { channelCommand, requireStill, requireStillIn, serverCommand } from "../access.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext, Authentication } from "../context.ts";
import { sendControl, publish } from "../publish.ts";
import { publishOrder, reorder, seenBy } from "./channel-order.ts";
import { by, requireCategory } from "./change-channel.ts";
import { requireMayOverride, requireOverrideRoom } from "./overrides.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/** Of a new channel: more count as further changes. */
const overridesPerChange = 10;

interface NewChannel {
  name: string;
  type: ChannelType;
  category_id: number | null;
  /** Without them the channel takes those of its category. */
  overrides?: readonly ChannelOverride[] | undefined;
}

/** Throws `not_found`, `forbidden`, `invalid_request` or `limit_reached`. */
export async function createChannel(
  context: Context,
  actor: Authentication,
  serverId: number,
  input: NewChannel,
): Promise<Channel> {
  const { store, clock, rates } = context;
  await serverCommand(context, actor, serverId, "manageChannels");
  // Each takes several statements, for which other writers wait.
  const more = Math.ceil((input.overrides?.length ?? 0) / overridesPerChange) - 1;
  if (more > 0) await rates.changes.spend(actor.userId, Math.min(more, rates.changes.rate.burst - 1));
  const { channel, isOpen } = await store.db.transaction().execute(async (db) => {
    const access = await requireStill(context, db, actor, { serverId, permission: "manageChannels" });
    const { category_id: categoryId, type: newType } = input;
    if (categoryId !== null) {
      await requireCategory(db, actor, { serverId, type: newType, id: categoryId, now: clock.now() });
    }
    for (const override of input.overrides ?? []) await requireMayOverride(db, access, { override });
    const inserted = await insert(db, serverId, input, clock.now());
    const { id, name, type } = inserted.channel;
    await recordAction(db, {
      ...by(context, actor, serverId),
      action: "channel_create",
      channel: { id, isRestricted: inserted.isRestricted },
      subject: name,
      changes: [{ field: "type", before: null, after: type }],
    });
    return { ...inserted, isOpen: !inserted.isRestricted && !inserted.isCategoryRestricted };
  });
  const { id, username } = actor.user;
  const created_by = { id, username };
  if (isOpen)
    publish(context, `server:${serverId}`, { type: "channel_created", server_id: serverId, channel, created_by });
  else announceRights(context, serverId, { hidden: [], opened: [channel.id] });
  return channel;
}

async function insert(
  db: Kysely<Tables>,
  serverId: number,
  { name, type, overrides, category_id: categoryId }: NewChannel,
  now: number,
): Promise<channels.FoundChannel> {
  const { count, next: position } = await channels.channelRoom(db, serverId);
  if (count >= limits.channelsPerServer) {
    throw new AppError("limit_reached", `A server has at most ${limits.channelsPerServer} channels.`);
  }
  const channel = await channels.insertChannel(db, { serverId, name, type, position, categoryId, now });
  if (!overrides && categoryId !== null) await copyOverrides(db, categoryId, [channel.id]);
  for (const override of overrides ?? []) await putOverride(db, channel.id, override);
  await refreshRestricted(db, serverId);
  const found = (await channels.channelsById(db, [channel.id]))[0]!;
  if (found.channel.overrides.length > 0) await requireOverrideRoom(db, serverId);
  return found;
}

/** Deletes the channel with all of its messages and files. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteChannel(
  context: Context & Pick<DomainContext, "storage" | "clock">,
  actor: Actor,
  channelId: number,
): Promise<void> {
  const { serverId, type } = await channelCommand(context, actor, channelId, "manageChannels");
  // In its turn among writers, as other commands: what is deleted goes in transactions of its own.
  await context.store.db
    .transaction()
    .execute((db) => requireStillIn(context, db, actor, { channelId, permission: "manageChannels" }));
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
  else {
    const isCategory = type === "category" && { is_category: true };
    const event = { type: "channel_deleted", server_id: serverId, channel_id: channelId, ...isCategory } as const;
    publish(context, `server:${serverId}`, event);
  }
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
    await requireStill(context, db, actor, { serverId, permission: "manageChannels" });
    const all = await channels.channelIdsOf(db, serverId);
    const seen = new Set(await seenBy(db, actor, serverId, all));
    const named = new Set(channelIds);
    if (named.size !== channelIds.length || named.symmetricDifference(seen).size > 0) {
      throw new AppError("conflict", "The list must name every channel of the server once.");
    }
    const next = channelIds.values();
    const ordered = all.map((id) => (seen.has(id) ? next.next().value! : id));
    return reorder(db, by(context, actor, serverId), all, ordered);
  });
  publishOrder(context, serverId, order);
}
