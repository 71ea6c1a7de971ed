import type { AuditAction, AuditChange, AuditEntry } from "@miscord/protocol";
import { sql, type Kysely, type Selectable } from "kysely";
import { auditRow, type AuditRecord } from "../audit-row.ts";
import type { AuditLogTable, Tables } from "../schema.ts";
import { canSeeChannel, visibleChannelIds } from "./visible-channels.ts";
import { usersById } from "./users.ts";

type Db = Kysely<Tables>;

/** Must run inside the transaction of the action. */
export function recordAction(db: Db, record: AuditRecord): Promise<void> {
  return recordActions(db, [record]);
}

/** Those of one command, in one statement. */
export async function recordActions(db: Db, records: readonly AuditRecord[]): Promise<void> {
  if (records.length > 0) await db.insertInto("audit_log").values(records.map(auditRow)).execute();
}

/** The fields of `after` that differ. */
export function changesOf<Fields extends object>(before: Fields, after: Partial<Fields>): AuditChange[] {
  return Object.entries(after).flatMap(([field, value]) => {
    const former = before[field as keyof Fields] as AuditChange["before"];
    return value === undefined || value === former
      ? []
      : [{ field, before: former, after: value as AuditChange["after"] }];
  });
}

export interface AuditPage {
  readonly serverId: number;
  readonly limit: number;
  /** Only older entries than the one with this id. */
  readonly before?: number | undefined;
  readonly action?: AuditAction | undefined;
  readonly actorId?: number | undefined;
  readonly targetId?: number | undefined;
  /** Entries of the server that are looked at, the newest of those below `before`. */
  readonly looksAt: number;
}

/** The member who reads. `seesAll`: has all permissions in the server. */
interface Reader {
  readonly userId: number;
  readonly seesAll: boolean;
}

/**
 * Entries, newest first, without those about channels that the reader does not see; of a channel that is gone, without
 * those of one that was ever restricted. `rest`: there are older ones, below that id, which were not looked at.
 */
export async function auditEntries(
  db: Db,
  reader: Reader,
  page: AuditPage,
): Promise<{ entries: AuditEntry[]; rest: number | null }> {
  const ofServer = db
    .selectFrom("audit_log")
    .where("audit_log.server_id", "=", page.serverId)
    .$if(page.before !== undefined, (query) => query.where("audit_log.id", "<", page.before!))
    .orderBy("audit_log.id", "desc");
  const last = await ofServer
    .select("audit_log.id")
    .offset(page.looksAt - 1)
    .limit(1)
    .executeTakeFirst();
  const rows = await ofServer
    .$if(last !== undefined, (query) => query.where("audit_log.id", ">=", last!.id))
    .$if(page.action !== undefined, (query) => query.where("audit_log.action", "=", page.action!))
    .$if(page.actorId !== undefined, (query) => query.where("audit_log.actor_id", "=", page.actorId!))
    .$if(page.targetId !== undefined, (query) => query.where("audit_log.user_id", "=", page.targetId!))
    .$if(!reader.seesAll, (query) => query.where(isAboutSeen(db, "audit_log", reader.userId)))
    .where((where) =>
      where.or([
        where("audit_log.user_id", "is", null),
        where("audit_log.user_id", "!=", reader.userId),
        where("audit_log.action", "not in", reportActions),
      ]),
    )
    .limit(page.limit)
    .selectAll()
    .execute();
  return { entries: await present(db, reader, page.serverId, rows), rest: last?.id ?? null };
}

async function present(
  db: Db,
  reader: Reader,
  serverId: number,
  rows: readonly Selectable<AuditLogTable>[],
): Promise<AuditEntry[]> {
  const userIds = new Set(rows.flatMap((row) => [row.actor_id, ...(row.user_id === null ? [] : [row.user_id])]));
  const users = new Map((userIds.size > 0 ? await usersById(db, [...userIds]) : []).map((user) => [user.id, user]));
  const seen = rows.some(({ action }) => channelsIn[action] !== undefined)
    ? new Set(await visibleChannelIds(db, reader.userId, serverId))
    : new Set<number>();
  return rows.map((row) => ({
    id: row.id,
    action: row.action as AuditAction,
    created_at: new Date(row.created_at).toISOString(),
    actor: users.get(row.actor_id)!,
    user: row.user_id === null ? null : users.get(row.user_id)!,
    channel_id: row.channel_id,
    role_id: row.role_id,
    subject: row.subject,
    reason: row.reason,
    changes: withoutUnseen(row.action, JSON.parse(row.changes) as AuditChange[], seen),
  }));
}

/**
 * Whether the user sees the channel that the row of the table is about, or did so while it was there: a channel that is gone
 * counts as seen unless it was ever restricted.
 */
export function isAboutSeen(db: Db, table: "audit_log" | "reports", userId: number) {
  const channel = sql.ref<number | null>(`${table}.channel_id`);
  const sees = canSeeChannel(db, sql<number>`${userId}`, channel);
  return sql<boolean>`(${channel} is null or ${sees} or (
    not exists (select 1 from channels c where c.id = ${channel})
    and not exists (select 1 from audit_log x where x.channel_id = ${channel} and x.restricted = 1)))`;
}

/** What was done with a report is not shown to whom it is about. */
const reportActions: readonly string[] = ["report_claim", "report_release", "report_close"] satisfies AuditAction[];

/** By action, the field that names channels, each reader's own: an order names all of them. */
const channelsIn: Readonly<Record<string, string>> = {
  channels_reorder: "order",
  channel_update: "category_id",
};

function withoutUnseen(action: string, changes: AuditChange[], seen: ReadonlySet<number>): AuditChange[] {
  const kept = (value: AuditChange["before"]) => {
    if (Array.isArray(value)) return value.filter((id) => seen.has(id));
    return typeof value === "number" && !seen.has(value) ? null : value;
  };
  return changes.flatMap((change) => {
    if (change.field !== channelsIn[action]) return [change];
    const { field } = change;
    const [before, after] = [kept(change.before), kept(change.after)];
    return before === null && after === null ? [] : [{ field, before, after }];
  });
}

/** Rows deleted per statement, so that other writers can run in between. */
const rowsPerStatement = 500;

export async function deleteAuditEntriesBefore(db: Db, before: number): Promise<void> {
  let deleted = rowsPerStatement;
  while (deleted === rowsPerStatement) {
    const old = db.selectFrom("audit_log").where("created_at", "<", before).select("id").limit(rowsPerStatement);
    const result = await db.deleteFrom("audit_log").where("id", "in", old).executeTakeFirst();
    deleted = Number(result.numDeletedRows);
  }
}
