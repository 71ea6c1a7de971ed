import type { AuditAction, AuditEntry, AuditLog } from "@miscord/protocol";
import { allPermissions } from "@miscord/rights";
import type { Kysely } from "kysely";
import { auditEntries, type AuditPage } from "../../store/queries/audit-log.ts";
import { snapshot } from "../../store/queries/snapshot.ts";
import type { Tables } from "../../store/schema.ts";
import { serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { longRead } from "../long-read.ts";

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
 * Entries that are looked at by one query, so that others are answered in between; of those who do not see all channels, it is asked
 * for each.
 */
const lookedAt = { seesAll: 10_000, seesSome: 1_000 };

/**
 * A page of the audit log, newest first, without what is about channels that the actor does not see. What it looks at in vain counts
 * as searches. Throws `not_found`, `forbidden` or `rate_limited`.
 */
export async function auditLog(
  context: Pick<DomainContext, "store" | "clock" | "rates">,
  actor: Actor,
  serverId: number,
  { before, action, user_id: actorId, target_id: targetId, limit }: AuditFilter,
): Promise<AuditLog> {
  const { userId, permissions } = await serverCommand(context, actor, serverId, "viewAuditLog");
  const reader = { userId, seesAll: permissions === allPermissions };
  const looksAt = reader.seesAll ? lookedAt.seesAll : lookedAt.seesSome;
  const isFiltered = [action, actorId, targetId].some((filter) => filter !== undefined);
  const entries: AuditEntry[] = [];
  for (let from: number | null | undefined = before; from !== null;) {
    const rest = limit + 1 - entries.length;
    const page: AuditPage = { serverId, before: from, action, actorId, targetId, looksAt, limit: rest };
    const read = (of: Kysely<Tables>) => snapshot(of, (db) => auditEntries(db, reader, page));
    const found = await (isFiltered ? longRead(context, userId, read) : read(context.store.db));
    entries.push(...found.entries);
    from = entries.length > limit ? null : found.rest;
    // A long read has spent it.
    if (from !== null && !isFiltered) await context.rates.searches.spend(actor.userId);
  }
  return { entries: entries.slice(0, limit), has_more: entries.length > limit };
}
