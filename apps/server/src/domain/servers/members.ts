import type { User } from "@miscord/protocol";
import { canLeave, checkModerateMember } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import type { ServerAccess } from "../../store/queries/access.ts";
import { deleteInvitesOf } from "../../store/queries/invites.ts";
import { rankOf, removeMember } from "../../store/queries/members.ts";
import { deleteNotificationsFrom } from "../../store/queries/notifications.ts";
import { userById } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { serverAccess, serverCommand } from "../access.ts";
import type { Actor, DomainContext, Authentication } from "../context.ts";
import { sendControl, publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

interface Removal {
  serverId: number;
  userId: number;
  reason?: string | undefined;
}

/** Ends the actor's membership. Throws `conflict` for the owner, because nobody could run a server without one. */
export async function leaveServer(context: Context, actor: Authentication, serverId: number): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  const access = await serverAccess(context, actor, serverId);
  const { userId, user } = actor;
  if (!canLeave(access)) throw new AppError("conflict", "The owner cannot leave. Delete the server instead.");
  if (await context.store.db.transaction().execute((db) => endMembership(db, serverId, userId)))
    announceDeparture(context, access, user, { reason: "left", actor });
}

/** Removes a member, who can join again with an invite. Throws `not_found`, `forbidden` or `invalid_request`. */
export async function kickMember(context: Context, actor: Actor, { serverId, userId, reason }: Removal): Promise<void> {
  const access = await moderationAccess(context, actor, serverId, { permission: "kickMembers", targetId: userId });
  const person = await userById(context.store.db, userId);
  const at = context.clock.now();
  const wasMember = await context.store.db.transaction().execute(async (db) => {
    const wasMember = await endMembership(db, serverId, userId);
    if (wasMember)
      await recordAction(db, { serverId, actorId: actor.userId, action: "member_kick", at, userId, reason });
    return wasMember;
  });
  if (!person || !wasMember) throw new AppError("not_found", "They are not a member.");
  announceDeparture(context, access, person, { reason: "kicked", actor });
}

/** Removes the member together with their invites and their notifications from the server. Returns false when the user was not a member. */
export async function endMembership(db: Kysely<Tables>, serverId: number, userId: number): Promise<boolean> {
  await deleteInvitesOf(db, serverId, userId);
  const wasMember = await removeMember(db, serverId, userId);
  await deleteNotificationsFrom(db, serverId, userId);
  return wasMember;
}

/** The server, for actors who may do this to the user. Spends and throws as `serverCommand` does. */
export async function moderationAccess(
  context: Context,
  actor: Actor,
  serverId: number,
  { permission, targetId }: { permission: "kickMembers" | "banMembers" | "moderateMembers"; targetId: number },
): Promise<ServerAccess> {
  const access = await serverCommand(context, actor, serverId, permission);
  const target = { userId: targetId, position: await rankOf(context.store.db, serverId, targetId) };
  if (checkModerateMember(access, permission, target) === "allowed") return access;
  if (targetId === access.ownerId) throw new AppError("forbidden", "Nobody stands above the owner.");
  if (targetId !== actor.userId) throw new AppError("forbidden", "They have a role as high as yours.");
  throw new AppError("invalid_request", "This cannot be done to yourself.");
}

/** Publishes to the user's own connections first: the control message ends their subscription to the server. */
export function announceDeparture(
  context: Pick<Context, "bus">,
  { serverId, serverName }: ServerAccess,
  { id, username }: Pick<User, "id" | "username">,
  { reason, actor }: { reason: "left" | "kicked" | "banned"; actor: Actor },
): void {
  publish(context, `user:${id}`, {
    type: "server_left",
    server_id: serverId,
    server_name: serverName,
    reason,
    actor_id: actor.userId,
  });
  sendControl(context, `user:${id}`, { type: "membership_removed", userId: id, serverId });
  publish(context, `server:${serverId}`, { type: "member_left", server_id: serverId, user_id: id, username, reason });
}
