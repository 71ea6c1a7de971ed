import type { Ban } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import * as bans from "../../store/queries/bans.ts";
import { messageIdsBy } from "../../store/queries/messages.ts";
import { userById } from "../../store/queries/users.ts";
import { serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { deleteMessages } from "../messages/delete-messages.ts";
import { announceDeparture, endMembership, moderationAccess } from "./members.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

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
 * Bans a user, member or not, from joining, and removes a member. Resolves once the messages are deleted too. Throws
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
  const wasMember = await store.db.transaction().execute(async (db) => {
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
    return endMembership(db, serverId, userId);
  });
  if (wasMember) announceDeparture(context, access, person, { reason: "banned", actor });
  // Nothing is added any more: sends are decided after the ban.
  if (deleteSeconds > 0) await deleteLatest(context, actor, { serverId, userId, since: now - deleteSeconds * 1_000 });
}

/** Messages found by one query. */
const foundAtOnce = 500;

async function deleteLatest(
  context: Pick<DomainContext, "store" | "clock" | "storage">,
  actor: Actor,
  { serverId, userId, since }: { serverId: number; userId: number; since: number },
): Promise<void> {
  let ids: number[] = [];
  do {
    const after = ids.at(-1) ?? 0;
    ids = await messageIdsBy(context.store.db, { serverId, authorId: userId, since, after, limit: foundAtOnce });
    await deleteMessages(context, actor.userId, ids);
  } while (ids.length === foundAtOnce);
}

/** Throws `not_found` when the user is not banned. */
export async function unban(context: Context, actor: Actor, serverId: number, userId: number): Promise<void> {
  await serverCommand(context, actor, serverId, "banMembers");
  await context.store.db.transaction().execute(async (db) => {
    if (!(await bans.deleteBan(db, serverId, userId))) throw new AppError("not_found", "They are not banned.");
    const at = context.clock.now();
    await recordAction(db, { serverId, actorId: actor.userId, action: "member_unban", at, userId });
  });
}

export async function listBans(context: Context, actor: Actor, serverId: number): Promise<Ban[]> {
  await serverCommand(context, actor, serverId, "banMembers");
  return bans.bansOf(context.store.db, serverId, context.clock.now());
}
