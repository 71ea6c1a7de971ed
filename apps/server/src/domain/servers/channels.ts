import { limits, type Channel, type ChannelType } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import * as channels from "../../store/queries/channels.ts";
import { channelCommand, serverCommand } from "../access.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext, Authentication } from "../context.ts";
import { sendControl, publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/** Throws `not_found`, `forbidden` or `limit_reached`. */
export async function createChannel(
  context: Context,
  actor: Authentication,
  serverId: number,
  { name, type }: { name: string; type: ChannelType },
): Promise<Channel> {
  const { store, clock } = context;
  await serverCommand(context, actor, serverId, "manageChannels");
  const channel = await store.db.transaction().execute(async (db) => {
    const { count, next: position } = await channels.channelRoom(db, serverId);
    if (count >= limits.channelsPerServer) {
      throw new AppError("limit_reached", `A server has at most ${limits.channelsPerServer} channels.`);
    }
    return channels.insertChannel(db, { serverId, name, type, position, now: clock.now() });
  });
  const { id, username } = actor.user;
  const created_by = { id, username };
  publish(context, `server:${serverId}`, { type: "channel_created", server_id: serverId, channel, created_by });
  return channel;
}

export async function renameChannel(
  context: Context,
  actor: Actor,
  channelId: number,
  { name }: { name: string },
): Promise<Channel> {
  const { serverId } = await channelCommand(context, actor, channelId, "manageChannels");
  const channel = await channels.renameChannel(context.store.db, channelId, name);
  if (!channel) throw new AppError("not_found", "There is no such channel.");
  publish(context, `server:${serverId}`, { type: "channel_updated", server_id: serverId, channel });
  return channel;
}

/** Deletes the channel with all of its messages and files. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteChannel(
  context: Context & Pick<DomainContext, "storage" | "clock">,
  actor: Actor,
  channelId: number,
): Promise<void> {
  const { serverId } = await channelCommand(context, actor, channelId, "manageChannels");
  await channels.deleteChannel(context.store.db, channelId);
  publish(context, `server:${serverId}`, { type: "channel_deleted", server_id: serverId, channel_id: channelId });
  sendControl(context, `server:${serverId}`, { type: "channel_removed", channelId });
  await removeDeletedFiles(context);
}

/** `channelIds` names every channel of the server once, in the new order; otherwise throws `conflict`. */
export async function orderChannels(
  context: Context,
  actor: Actor,
  serverId: number,
  channelIds: readonly number[],
): Promise<void> {
  await serverCommand(context, actor, serverId, "manageChannels");
  await context.store.db.transaction().execute(async (db) => {
    const present = new Set(await channels.channelIdsOf(db, serverId));
    const named = new Set(channelIds);
    if (named.size !== channelIds.length || named.symmetricDifference(present).size > 0) {
      throw new AppError("conflict", "The list must name every channel of the server once.");
    }
    await channels.orderChannels(db, channelIds);
  });
  publish(context, `server:${serverId}`, {
    type: "channels_reordered",
    server_id: serverId,
    channel_ids: [...channelIds],
  });
}
