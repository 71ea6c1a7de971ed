import type { Server } from "@miscord/protocol";
import { checkDeleteServer } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { channelIdsOf, deleteChannel } from "../../store/queries/channels.ts";
import { memberIds } from "../../store/queries/members.ts";
import { usersWithInviteTo } from "../../store/queries/notifications.ts";
import { deleteGathered } from "../../store/queries/delete-in-portions.ts";
import * as servers from "../../store/queries/servers.ts";
import { serverAccess as serverAccessOf } from "../../store/queries/access.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed, requireStill, serverCommand } from "../access.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, Authentication, DomainContext } from "../context.ts";
import { requireConfirmed } from "../require-confirmed.ts";
import { publishRemoved } from "../notifications/take-back.ts";
import { sendControl, publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

export async function renameServer(
  context: Context,
  actor: Actor,
  serverId: number,
  { name }: { name: string },
): Promise<Server> {
  await serverCommand(context, actor, serverId, "manageGuild");
  const server = await context.store.db.transaction().execute(async (db) => {
    const { serverName } = await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const changes = changesOf({ name: serverName }, { name });
    const record = { serverId, actorId: actor.userId, action: "server_update", at: context.clock.now() } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return servers.renameServer(db, serverId, name);
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  return server;
}

/**
 * Deletes the server with all channels, messages and files. Throws `not_found`, `forbidden`, `confirmation_required` or
 * `rate_limited`.
 */
export async function deleteServer(
  context: Context & Pick<DomainContext, "storage">,
  actor: Actor & Pick<Authentication, "sessionId">,
  serverId: number,
): Promise<void> {
  const { db } = context.store;
  await context.rates.changes.spend(actor.userId);
  await requireMayDelete(context, db, actor, serverId);
  await requireConfirmed(context, actor);
  // In its turn among writers, as other commands: what is deleted goes in transactions of its own.
  const serverName = await db.transaction().execute((trx) => requireMayDelete(context, trx, actor, serverId));
  const userIds = await memberIds(db, serverId);
  // Again, as channels may be made meanwhile.
  for (let ids = await channelIdsOf(db, serverId); ids.length > 0; ids = await channelIdsOf(db, serverId)) {
    for (const channelId of ids) {
      await deleteChannel(db, channelId);
      sendControl(context, `server:${serverId}`, { type: "channel_removed", channelId });
    }
  }
  await deleteGathered(db, serverId);
  const invited = await db.transaction().execute(async (trx) => {
    const invitedIds = await usersWithInviteTo(trx, serverId);
    await servers.deleteServer(trx, serverId);
    return invitedIds;
  });
  publish(context, `server:${serverId}`, { type: "server_deleted", server_id: serverId });
  // Also to each user's own topic: events queued for the server's topic are lost when its subscription ends.
  for (const userId of userIds) {
    publish(context, `user:${userId}`, {
      type: "server_left",
      server_id: serverId,
      server_name: serverName,
      reason: "deleted",
      actor_id: actor.userId,
    });
    sendControl(context, `user:${userId}`, { type: "membership_removed", userId, serverId });
  }
  publishRemoved(context, invited, { server_id: serverId });
  await removeDeletedFiles(context);
}

/** Returns the server's name. Throws `not_found` or `forbidden`. */
async function requireMayDelete(
  { clock }: Context,
  db: Kysely<Tables>,
  { userId }: Actor,
  serverId: number,
): Promise<string> {
  const access = await serverAccessOf(db, userId, serverId, clock.now());
  requireAllowed(access ? checkDeleteServer(access) : "hidden", "server");
  return access?.serverName ?? "";
}
