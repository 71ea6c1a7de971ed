import type { AuditAction, AuditChange } from "@miscord/protocol";
import type { Selectable } from "kysely";
import type { AuditLogTable } from "./schema.ts";

/** An action, as the command that runs it knows it. */
export interface AuditRecord {
  readonly serverId: number;
  readonly actorId: number;
  readonly action: AuditAction;
  readonly at: number;
  /** Whom it concerns. */
  readonly userId?: number | undefined;
  readonly channel?: { readonly id: number; readonly isRestricted: boolean } | undefined;
  readonly roleId?: number | undefined;
  readonly subject?: string | undefined;
  readonly reason?: string | undefined;
  readonly changes?: readonly AuditChange[];
}

export type AuditRow = Omit<Selectable<AuditLogTable>, "id">;

export function auditRow(record: AuditRecord): AuditRow {
  const { channel } = record;
  return {
    server_id: record.serverId,
    actor_id: record.actorId,
    action: record.action,
    user_id: record.userId ?? null,
    channel_id: channel?.id ?? null,
    role_id: record.roleId ?? null,
    subject: record.subject ?? null,
    restricted: channel?.isRestricted ? 1 : 0,
    reason: record.reason || null,
    changes: JSON.stringify(record.changes ?? []),
    created_at: record.at,
  };
}
