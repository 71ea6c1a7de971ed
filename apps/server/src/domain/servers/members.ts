import type { User } from "@miscord/protocol";
import { canLeave, checkModerateMember } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import type { ServerAccess } from "../../store/queries/access.ts";
import { botsInServer } from "../../store/queries/bots.ts";
import { deleteInvitesOf } from "../../store/queries/invites.ts";
import { rankOf, removeMember } from "../../store/queries/members.ts";
import { ownerOf } from "../../store/queries/servers.ts";
import { deleteNotificationsFrom } from "../../store/queries/notifications.ts";
import { userById } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { requireStill, serverAccess, serverCommand } from "../access.ts";
import type { Actor, DomainContext, Authentication } from "../context.ts";
import { sendControl, publish } from "../publish.ts";
import { announceRights } from "./rights-changes.ts";

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
  if (!canLeave(access)) throw ownerStays();
  const departed = await context.store.db.transaction().execute((db) => endMembership(db, serverId, userId));
  if (departed) announceDeparture(context, access, user, { ...departed, reason: "left", actor });
}

function ownerStays(): AppError {
  return new AppError("conflict", "The owner cannot leave. Delete the server instead.");
}

/** Removes a member, who can join again with an invite. Throws `not_found`, `forbidden` or `invalid_request`. */
export async function kickMember(context: Context, actor: Actor, { serverId, userId, reason }: Removal): Promise<void> {
  const access = await moderationAccess(context, actor, serverId, { permission: "kickMembers", targetId: userId });
  const person = await userById(context.store.db, userId);
  const at = context.clock.now();
  const departed = await context.store.db.transaction().execute(async (db) => {
    await requireModerator(context, db, actor, serverId, { permission: "kickMembers", targetId: userId });
    const departed = await endMembership(db, serverId, userId);
    if (departed)
      await recordAction(db, { serverId, actorId: actor.userId, action: "member_kick", at, userId, reason });
    return departed;
  });
  if (!person || !departed) throw new AppError("not_found", "They are not a member.");
  announceDeparture(context, access, person, { ...departed, reason: "kicked", actor });
}

type Name = Pick<User, "id" | "username">;

/** Who left with a member: their bots, which may do nothing without them. */
interface Departed {
  readonly bots: readonly Name[];
}

/**
 * Removes the member together with their invites, their notifications from the server and their bots. Null when the user
 * was not a member. Throws `conflict` for the owner, who may have become it since the rights were read.
 */
export async function endMembership(db: Kysely<Tables>, serverId: number, userId: number): Promise<Departed | null> {
  if ((await ownerOf(db, serverId)) === userId) throw ownerStays();
  // First: whoever adds a bot of theirs at this moment either has done so before, or finds no member.
  const wasMember = await removeMember(db, serverId, userId);
  const bots = await botsInServer(db, serverId, userId);
  for (const bot of bots) await removeMember(db, serverId, bot.id);
  await deleteInvitesOf(db, serverId, userId);
  await deleteNotificationsFrom(db, serverId, userId);
  return wasMember ? { bots } : null;
}

interface Moderation {
  permission: "kickMembers" | "banMembers" | "moderateMembers";
  targetId: number;
}

/** The server, for actors who may do this to the user. Spends and throws as `serverCommand` does. */
export async function moderationAccess(
  context: Context,
  actor: Actor,
  serverId: number,
  wanted: Moderation,
): Promise<ServerAccess> {
  const access = await serverCommand(context, actor, serverId, wanted.permission);
  return requireAbove(context.store.db, actor, access, wanted);
}

/** The same check once more, in the transaction that does it. */
export async function requireModerator(
  context: Pick<Context, "clock">,
  db: Kysely<Tables>,
  actor: Actor,
  serverId: number,
  wanted: Moderation,
): Promise<void> {
  const access = await requireStill(context, db, actor, { serverId, permission: wanted.permission });
  await requireAbove(db, actor, access, wanted);
}

async function requireAbove(
  db: Kysely<Tables>,
  actor: Actor,
  access: ServerAccess,
  { permission, targetId }: Moderation,
): Promise<ServerAccess> {
  const target = { userId: targetId, position: await rankOf(db, access.serverId, targetId) };
  if (checkModerateMember(access, permission, target) === "allowed") return access;
  if (targetId === access.ownerId) throw new AppError("forbidden", "Nobody stands above the owner.");
  if (targetId !== actor.userId) throw new AppError("forbidden", "They have a role as high as yours.");
  throw new AppError("invalid_request", "This cannot be done to yourself.");
}

/** Publishes to the user's own connections first: the control message ends their subscription to the server. */
export function announceDeparture(
  context: Pick<Context, "bus">,
  access: ServerAccess,
  { id, username }: Name,
  { reason, actor, bots }: Departed & { reason: "left" | "kicked" | "banned"; actor: Actor },
): void {
  const { serverId, serverName } = access;
  publish(context, `user:${id}`, {
    type: "server_left",
    server_id: serverId,
    server_name: serverName,
    reason,
    actor_id: actor.userId,
  });
  sendControl(context, `user:${id}`, { type: "membership_removed", userId: id, serverId });
  // Nobody listens for that where they take part in a call and have lost all connections.
  announceRights(context, serverId, { hidden: [], opened: [] }, { userIds: [id] });
  publish(context, `server:${serverId}`, { type: "member_left", server_id: serverId, user_id: id, username, reason });
  for (const bot of bots) announceDeparture(context, access, bot, { reason: "kicked", actor, bots: [] });
}
