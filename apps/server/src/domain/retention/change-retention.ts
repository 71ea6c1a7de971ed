import { noRetention, type Channel, type Retention, type Server } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { channelsById, setChannelRetention } from "../../store/queries/channels.ts";
import { inVisible, serverById, setServerRetention } from "../../store/queries/servers.ts";
import { visibleChannelIds } from "../../store/queries/visible-channels.ts";
import { channelCommand, requireStill, requireStillIn, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { publishUpdated } from "../servers/channel-order.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/** How long the server keeps things, for those who manage it. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function changeServerRetention(
  context: Context,
  actor: Actor,
  serverId: number,
  rule: Retention,
): Promise<Server> {
  await serverCommand(context, actor, serverId, "manageGuild");
  const server = await context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const before = await serverById(db, serverId);
    const changed = await setServerRetention(db, serverId, rule);
    const changes = changesOf(before?.retention ?? noRetention, rule);
    const record = { serverId, actorId: actor.userId, action: "server_update", at: context.clock.now() } as const;
    if (changed && changes.length > 0) await recordAction(db, { ...record, changes });
    return changed;
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  return server;
}

/**
 * How long the channel and its threads keep things, for those who manage it. Throws `not_found`, also for threads and private
 * channels, `forbidden`, `invalid_request` for a category, or `rate_limited`.
 */
export async function changeChannelRetention(
  context: Context,
  actor: Actor,
  channelId: number,
  rule: Retention,
): Promise<Channel> {
  const { store, clock } = context;
  const { serverId, type } = await channelCommand(context, actor, channelId, "manageChannels");
  if (type === "category") throw new AppError("invalid_request", "A category has no messages.");
  const found = await store.db.transaction().execute(async (db) => {
    await requireStillIn(context, db, actor, { channelId, permission: "manageChannels" });
    const [before] = await channelsById(db, [channelId]);
    if (!before) throw new AppError("not_found", "There is no such channel.");
    await setChannelRetention(db, channelId, rule);
    const changes = changesOf(before.channel.retention ?? noRetention, rule);
    const [after] = await channelsById(db, [channelId]);
    const { name } = before.channel;
    const about = { channel: { id: channelId, isRestricted: before.isRestricted }, subject: name };
    const record = { serverId, actorId: actor.userId, action: "channel_update", at: clock.now(), ...about } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return after!;
  });
  publishUpdated(context, serverId, [found]);
  return inVisible(found.channel, new Set(await visibleChannelIds(store.db, actor.userId, serverId)));
}
