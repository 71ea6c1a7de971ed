import type { AuditAction, AuditChange, Report, ReportOutcome, ReportPage, ReportStatus } from "@miscord/protocol";
import { allPermissions } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { memberOf } from "../../store/queries/members.ts";
import { insertNotification, notificationsById } from "../../store/queries/notifications.ts";
import { reportIn, reportRow, reportsIn, setClaim, setOutcome, type ReportQueue } from "../../store/queries/reports.ts";
import { snapshot } from "../../store/queries/snapshot.ts";
import type { ReportRow } from "../../store/report-tables.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAdmin, requireStill, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireCrowdBudget } from "../crowd-budget.ts";
import { publish } from "../publish.ts";
import { announceReport } from "./announce-report.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
type Db = Kysely<Tables>;

interface Page {
  status: ReportStatus;
  before?: number | undefined;
  limit: number;
}

/**
 * Reports of the server, newest first, for members who may time others out; with null those for the administrators of the
 * instance. Without those about the actor, and those about channels that the actor does not see. Throws `not_found`,
 * `forbidden` or `rate_limited`.
 */
export async function listReports(
  context: Context,
  actor: Actor,
  serverId: number | null,
  { limit, ...page }: Page,
): Promise<ReportPage> {
  const queue = await queueFor(context, actor, serverId);
  const reports = await snapshot(context.store.db, (db) => reportsIn(db, queue, { ...page, limit: limit + 1 }));
  return { reports: reports.slice(0, limit), has_more: reports.length > limit };
}

/** Throws `conflict` when somebody else works on it, and as `listReports` does. */
export function claimReport(context: Context, actor: Actor, reportId: number): Promise<Report> {
  return change(context, actor, reportId, {
    action: "report_claim",
    apply: (db) => setClaim(db, reportId, actor.userId),
    refusal: "Somebody works on this report, or it is closed.",
  });
}

/** Whoever may work on the report takes it from whoever does. Throws `conflict` when nobody works on it, and as `listReports` does. */
export function releaseReport(context: Context, actor: Actor, reportId: number): Promise<Report> {
  return change(context, actor, reportId, {
    action: "report_release",
    apply: (db) => setClaim(db, reportId, null),
    refusal: "Nobody works on this report, or it is closed.",
  });
}

/**
 * Closes the report, and notifies its reporter of the outcome if they wished it. Throws `conflict` when it is closed or
 * somebody else works on it, and as `listReports` does.
 */
export async function closeReport(
  context: Context,
  actor: Actor,
  reportId: number,
  { outcome, note }: { outcome: ReportOutcome; note?: string | undefined },
): Promise<Report> {
  const { userId } = actor;
  const now = context.clock.now();
  let notificationId: number | null = null;
  const closed = await change(context, actor, reportId, {
    action: "report_close",
    async apply(db, row) {
      if (!(await setOutcome(db, reportId, { closedBy: userId, now, outcome, note: note || null }))) return false;
      if (await isWaited(db, row, userId)) notificationId = await notifyReporter(db, row, outcome, now);
      return true;
    },
    refusal: "Somebody else works on this report, or it is closed.",
    changes: [{ field: "outcome", before: null, after: outcome }],
    reason: note,
  });
  await publishNotification(context, notificationId);
  return closed;
}

interface Change {
  action: AuditAction;
  /** Returns false when it could not be done. */
  apply: (db: Db, row: ReportRow) => Promise<boolean>;
  /** What is said then. */
  refusal: string;
  changes?: readonly AuditChange[];
  reason?: string | undefined;
}

async function change(context: Context, actor: Actor, reportId: number, { apply, ...of }: Change): Promise<Report> {
  const { store, clock } = context;
  const absent = new AppError("not_found", "There is no such report.");
  await requireCrowdBudget(context, actor.userId);
  const row = await reportRow(store.db, reportId);
  if (!row) throw absent;
  const queue = await queueFor(context, actor, row.for_instance === 1 ? null : row.server_id).catch(
    (error: unknown) => {
      // The id tells nobody whether there is a report.
      throw error instanceof AppError && error.code !== "rate_limited" ? absent : error;
    },
  );
  const changed = await store.db.transaction().execute(async (db) => {
    if (queue.serverId === null) await requireAdmin({ store: { db } }, actor);
    else await requireStill(context, db, actor, { serverId: queue.serverId, permission: "moderateMembers" });
    if (!(await reportIn(db, queue, reportId))) throw absent;
    if (!(await apply(db, row))) throw new AppError("conflict", of.refusal);
    if (queue.serverId !== null) await record(db, queue.serverId, { actor, row, at: clock.now(), ...of });
    return reportIn(db, queue, reportId);
  });
  await announceReport(context, actor, row, { isNew: false });
  return changed!;
}

function record(
  db: Db,
  serverId: number,
  {
    actor,
    row,
    at,
    action,
    changes = [],
    reason,
  }: Omit<Change, "apply" | "refusal"> & { actor: Actor; row: ReportRow; at: number },
): Promise<void> {
  const channel = row.channel_id === null ? undefined : { id: row.channel_id, isRestricted: row.restricted === 1 };
  const about = { userId: row.user_id, channel, subject: `#${row.id}`, changes };
  return recordAction(db, { serverId, actorId: actor.userId, action, at, reason, ...about });
}

/** What the actor may know of the queue. */
async function queueFor(context: Context, actor: Actor, serverId: number | null): Promise<ReportQueue> {
  const { userId } = actor;
  if (serverId === null) {
    await context.rates.changes.spend(userId);
    await requireAdmin(context, actor);
    return { serverId, reader: { userId, seesAll: true } };
  }
  const { permissions } = await serverCommand(context, actor, serverId, "moderateMembers");
  return { serverId, reader: { userId, seesAll: permissions === allPermissions } };
}

/** Whether the reporter wishes to hear of the outcome. Those who left the server have lost all notifications of it. */
async function isWaited(db: Db, { notify, reporter_id: reporterId, server_id: serverId }: ReportRow, closerId: number) {
  if (notify === 0 || reporterId === closerId || serverId === null) return false;
  return (await memberOf(db, serverId, reporterId)) !== undefined;
}

/** The notification is of the reporter themselves: it names neither the moderator nor the reported. */
function notifyReporter(db: Db, row: ReportRow, outcome: ReportOutcome, now: number): Promise<number> {
  return insertNotification(db, {
    user_id: row.reporter_id,
    kind: outcome === "acted" ? "report_acted" : "report_dismissed",
    actor_id: row.reporter_id,
    server_id: row.server_id!,
    channel_id: null,
    message_id: null,
    invite_code: null,
    created_at: now,
    read_at: null,
  });
}

async function publishNotification(context: Context, id: number | null): Promise<void> {
  if (id === null) return;
  for (const { userId, notification } of await notificationsById(context.store.db, [id])) {
    publish(context, `user:${userId}`, { type: "notification", data: notification });
  }
}
