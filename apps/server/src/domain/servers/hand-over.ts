import type { OwnerBody, Server } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { memberOf } from "../../store/queries/members.ts";
import { changeOwner, serverById } from "../../store/queries/servers.ts";
import { hasFactor } from "../../store/queries/second-factors.ts";
import { userById } from "../../store/queries/users.ts";
import { programs } from "../../store/webhook-tables.ts";
import { serverAccess } from "../access.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/**
 * Makes another member the owner of the actor's server. Throws `not_found`, `forbidden` (the actor is not the owner),
 * `confirmation_required`, `conflict` (their account is about to be deleted, or lacks the second factor that the server requires) or `rate_limited`.
 */
export async function handOver(
  context: Context,
  actor: Authentication,
  serverId: number,
  { user_id: userId }: OwnerBody,
): Promise<Server> {
  const { store, clock, rates } = context;
  await rates.changes.spend(actor.userId);
  const { ownerId } = await serverAccess(context, actor, serverId);
  if (ownerId !== actor.userId) throw new AppError("forbidden", "Only its owner hands a server over.");
  await requireConfirmed(context, actor);
  const server = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, actor.sessionId);
    const successor = await userById(db, userId);
    if (!successor || !(await memberOf(db, serverId, userId))) {
      throw new AppError("not_found", "They are not a member.");
    }
    if (successor.program !== programs.none) throw new AppError("invalid_request", "A bot owns no server.");
    if (successor.deletion_at !== null) throw new AppError("conflict", "Their account is about to be deleted.");
    const isProtected = (await serverById(db, serverId))?.factor_required;
    if (isProtected && !(await hasFactor(db, userId))) {
      throw new AppError("conflict", "This server requires a second factor, which they have not set up.");
    }
    const changed = await changeOwner(db, serverId, { from: actor.userId, to: userId });
    if (!changed) throw new AppError("forbidden", "Only its owner hands a server over.");
    const changes = [{ field: "owner_id", before: actor.userId, after: userId }];
    const at = clock.now();
    await recordAction(db, { serverId, actorId: actor.userId, action: "server_update", at, userId, changes });
    return changed;
  });
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  const userIds = [actor.userId, userId];
  for (const id of userIds) publish(context, `user:${id}`, { type: "permissions_changed", server_id: serverId });
  announceRights(context, serverId, { hidden: [], opened: [] }, { userIds });
  return server;
}
