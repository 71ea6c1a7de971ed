import type { Ban } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import * as bans from "../../store/queries/bans.ts";
import { insertPurge } from "../../store/queries/purges.ts";
import { userById } from "../../store/queries/users.ts";
import { requireStill, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { purgeMessages } from "../messages/purge-messages.ts";
import { announceDeparture, endMembership, moderationAccess, requireModerator } from "./members.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/** Longest time that the transaction of a ban may take. */
const commitMs = 30_000;

export interface BanInput {
  serverId: number;
  userId: number;
  reason?: string | undefined;
  /** Milliseconds since 1970; null: never. */
  expiresAt: number | null;
  /** Deletes what the user wrote in the server in these last seconds. */
  deleteSeconds: number;
}

/**
 * Bans a user, member or not, from joining, and removes a member. Resolves once the messages are deleted too; a crash
 * meanwhile delays that only. Throws
 * `not_found`, `forbidden`, `invalid_request` or `rate_limited`.
 */
export async function banMember(
  context: Context & Pick<DomainContext, "storage">,
  actor: Actor,
  { serverId, userId, reason, expiresAt, deleteSeconds }: BanInput,
): Promise<void> {
  const { store, clock } = context;
  const access = await moderationAccess(context, actor, serverId, { permission: "banMembers", targetId: userId });
  const now = clock.now();
  if (expiresAt !== null && expiresAt <= now)
    throw new AppError("invalid_request", "The ban would have ended already.");
  const person = await userById(store.db, userId);
  if (!person) throw new AppError("not_found", "There is no such person.");
  const { departed, purge } = await store.db.transaction().execute(async (db) => {
    await requireModerator(context, db, actor, serverId, { permission: "banMembers", targetId: userId });
    await bans.insertBan(db, { serverId, userId, bannedBy: actor.userId, now, reason, expiresAt });
    await recordAction(db, {
      serverId,
      actorId: actor.userId,
      action: "member_ban",
      at: now,
      userId,
      reason,
      changes: [
        ...(expiresAt === null ? [] : [{ field: "until", before: null, after: new Date(expiresAt).toISOString() }]),
        ...(deleteSeconds === 0 ? [] : [{ field: "deleted_seconds", before: null, after: deleteSeconds }]),
      ],
    });
    const toDelete = {
      server_id: serverId,
      author_id: userId,
      actor_id: actor.userId,
      since: now - deleteSeconds * 1_000,
      // Sends are decided before the ban or after it, those before at most by this much later than it began.
      until: now + commitMs,
    };
    const purge = deleteSeconds === 0 ? null : { id: await insertPurge(db, toDelete), ...toDelete };
    return { departed: await endMembership(db, serverId, userId), purge };
  });
  if (departed) announceDeparture(context, access, person, { ...departed, reason: "banned", actor });
  if (purge) await purgeMessages(context, purge);
}

/** Throws `not_found` when the user is not banned. */
export async function unban(context: Context, actor: Actor, serverId: number, userId: number): Promise<void> {
  await serverCommand(context, actor, serverId, "banMembers");
  await context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "banMembers" });
    if (!(await bans.deleteBan(db, serverId, userId))) throw new AppError("not_found", "They are not banned.");
    const at = context.clock.now();
    await recordAction(db, { serverId, actorId: actor.userId, action: "member_unban", at, userId });
  });
}

export async function listBans(context: Context, actor: Actor, serverId: number): Promise<Ban[]> {
  await serverCommand(context, actor, serverId, "banMembers");
  return bans.bansOf(context.store.db, serverId, context.clock.now());
}
