import type { AuditAction, AuditLog } from "@miscord/protocol";
import { allPermissions } from "@miscord/rights";
import { auditEntries } from "../../store/queries/audit-log.ts";
import { snapshot } from "../../store/queries/snapshot.ts";
import { serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

export interface AuditFilter {
  before?: number | undefined;
  action?: AuditAction | undefined;
  /** Who acted. */
  user_id?: number | undefined;
  /** Whom it concerns. */
  target_id?: number | undefined;
  limit: number;
}

/**
 * A page of the audit log, newest first, without what is about channels that the actor does not see. Throws `not_found`,
 * `forbidden` or `rate_limited`.
 */
export async function auditLog(
  context: Pick<DomainContext, "store" | "clock" | "rates">,
  actor: Actor,
  serverId: number,
  { before, action, user_id: actorId, target_id: targetId, limit }: AuditFilter,
): Promise<AuditLog> {
  const { userId, permissions } = await serverCommand(context, actor, serverId, "viewAuditLog");
  const reader = { userId, seesAll: permissions === allPermissions };
  const entries = await snapshot(context.store.db, (db) =>
    auditEntries(db, reader, { serverId, before, action, actorId, targetId, limit: limit + 1 }),
  );
  return { entries: entries.slice(0, limit), has_more: entries.length > limit };
}
