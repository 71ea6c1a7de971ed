import { limits } from "@miscord/protocol";
import { can } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { serverAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { isoOf, memberOf, setTimeOut } from "../../store/queries/members.ts";
import type { Actor, DomainContext } from "../context.ts";
import { moderationAccess, requireModerator } from "./members.ts";
import { announceMember } from "./rights-changes.ts";

export interface TimeOutInput {
  serverId: number;
  userId: number;
  /** Milliseconds since 1970; null ends the time out. */
  until: number | null;
  reason?: string | undefined;
}

/**
 * Lets a member only read until then. It goes on for a member who leaves and comes back. Throws `not_found`, `forbidden`
 * (also for those who may do everything: it would change nothing), `invalid_request` or `rate_limited`.
 */
export async function timeOutMember(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates">,
  actor: Actor,
  { serverId, userId, until, reason }: TimeOutInput,
): Promise<void> {
  const { store, clock } = context;
  await moderationAccess(context, actor, serverId, { permission: "moderateMembers", targetId: userId });
  const now = clock.now();
  if (until !== null && (until <= now || until > now + limits.timeoutSeconds * 1_000)) {
    throw new AppError("invalid_request", "A time out ends within the next 28 days.");
  }
  const member = await store.db.transaction().execute(async (db) => {
    await requireModerator(context, db, actor, serverId, { permission: "moderateMembers", targetId: userId });
    const before = await memberOf(db, serverId, userId);
    if (!before) throw new AppError("not_found", "They are not a member.");
    const target = await serverAccess(db, userId, serverId, now);
    if (until !== null && target && can({ ...target, isAdmin: false }, "administrator")) {
      throw new AppError("forbidden", "An administrator cannot be timed out.");
    }
    await setTimeOut(db, serverId, userId, until);
    const changes = changesOf({ until: before.timed_out_until }, { until: isoOf(until) });
    const record = { serverId, actorId: actor.userId, action: "member_timeout", at: now, userId, reason } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return memberOf(db, serverId, userId);
  });
  announceMember(context, serverId, member!);
}
