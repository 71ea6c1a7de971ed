import type { Server } from "@miscord/protocol";
import { isOwner } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { changeServerRow, serverById } from "../../store/queries/servers.ts";
import { hasFactor, serversRequiringFactor } from "../../store/queries/second-factors.ts";
import { factorMissing, serverAccess } from "../access.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { requireConfirmed } from "../require-confirmed.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/**
 * From now on permissions over others count only for members with a second factor, or for all again. For the owner, who needs
 * a factor themselves to require it. Throws `not_found`, `forbidden`, `factor_missing`, `confirmation_required` or
 * `rate_limited`.
 */
export async function requireFactor(
  context: Context,
  actor: Authentication,
  serverId: number,
  isRequired: boolean,
): Promise<Server> {
  const { store, clock, rates } = context;
  const { userId } = actor;
  await rates.changes.spend(userId);
  const access = await serverAccess(context, actor, serverId);
  if (!isOwner(access)) throw new AppError("forbidden", "Only its owner decides this of a server.");
  await requireConfirmed(context, actor);
  const server = await store.db.transaction().execute(async (db) => {
    if (isRequired && !(await hasFactor(db, userId))) throw factorMissing();
    const before = await serverById(db, serverId);
    if (before?.owner_id !== userId) throw new AppError("forbidden", "Only its owner decides this of a server.");
    const changes = changesOf({ factor_required: before.factor_required }, { factor_required: isRequired });
    const record = { serverId, actorId: userId, action: "server_update", at: clock.now() } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return changeServerRow(db, serverId, { factor_required: isRequired ? 1 : 0 });
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: userId });
  publish(context, `server:${serverId}`, { type: "permissions_changed", server_id: serverId });
  announceRights(context, serverId, { hidden: [], opened: [] });
  return server;
}

/** In which the rights of a member are read; more count as further changes. */
const serversPerChange = 10;

/** For whoever adds or removes a factor. Throws `rate_limited`. */
export async function spendForFactors(context: Pick<Context, "store" | "rates">, userId: number): Promise<void> {
  const { changes } = context.rates;
  const servers = await serversRequiringFactor(context.store.db, userId);
  await changes.spend(userId, Math.min(changes.rate.burst, 1 + Math.floor(servers.length / serversPerChange)));
}

/** Applies to all connections of the user, on every node, that they have a second factor now or have none any more. */
export async function announceFactors(context: Pick<DomainContext, "store" | "bus">, userId: number): Promise<void> {
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  for (const serverId of await serversRequiringFactor(context.store.db, userId)) {
    publish(context, `user:${userId}`, { type: "permissions_changed", server_id: serverId });
    announceRights(context, serverId, { hidden: [], opened: [] }, { userIds: [userId] });
  }
}
