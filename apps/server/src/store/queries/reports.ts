import type { Report, ReportedMessage, ReportOutcome, ReportStatus, User } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { expressionBuilder, sql, type Insertable, type Kysely } from "kysely";
import type { ReportRow, ReportsTable } from "../report-tables.ts";
import type { Tables } from "../schema.ts";
import { isAboutSeen } from "./audit-log.ts";
import { isoOf } from "./members.ts";
import { usersById } from "./users.ts";
import { channelViewers } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/**
 * Stores a report. While one of the same reporter about the same subject is open, it takes over the new reason and keeps
 * its evidence. Returns the row as it is then.
 */
export function putReport(db: Db, report: Insertable<ReportsTable>): Promise<ReportRow> {
  const { reason, notify } = report;
  return db
    .insertInto("reports")
    .values(report)
    .onConflict((conflict) =>
      conflict.columns(["reporter_id", "subject"]).where("closed_at", "is", null).doUpdateSet({ reason, notify }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Open reports of the reporter to the server, or with null to the administrators of the instance. */
export async function countOpenReports(db: Db, reporterId: number, serverId: number | null): Promise<number> {
  const { count } = await db
    .selectFrom("reports")
    .where("reporter_id", "=", reporterId)
    .where("closed_at", "is", null)
    .where(isIn(serverId))
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Who works on reports. `seesAll`: sees every channel of the server. */
interface ReportReader {
  readonly userId: number;
  readonly seesAll: boolean;
}

/** The reports of a server, or with null those for the administrators of the instance, as one person may know them. */
export interface ReportQueue {
  readonly serverId: number | null;
  readonly reader: ReportReader;
}

/** Newest first, with ids below `before`. */
export async function reportsIn(
  db: Db,
  queue: ReportQueue,
  { status, before, limit }: { status: ReportStatus; before?: number | undefined; limit: number },
): Promise<Report[]> {
  const rows = await knownTo(db, queue)
    .where("closed_at", status === "open" ? "is" : "is not", null)
    .$if(before !== undefined, (query) => query.where("reports.id", "<", before!))
    .orderBy("reports.id", "desc")
    .limit(limit)
    .selectAll("reports")
    .execute();
  return present(db, rows);
}

/** Undefined when there is none that the reader may know of. */
export async function reportIn(db: Db, queue: ReportQueue, reportId: number): Promise<Report | undefined> {
  const rows = await knownTo(db, queue).where("reports.id", "=", reportId).selectAll("reports").execute();
  return (await present(db, rows))[0];
}

/** The row, for commands that check who asks. */
export function reportRow(db: Db, reportId: number): Promise<ReportRow | undefined> {
  return db.selectFrom("reports").where("id", "=", reportId).selectAll().executeTakeFirst();
}

/** Gives an open report to the moderator, unless another one has it; with null takes it away. Returns whether it did. */
export async function setClaim(db: Db, reportId: number, claimedBy: number | null): Promise<boolean> {
  const result = await db
    .updateTable("reports")
    .set({ claimed_by: claimedBy })
    .where("id", "=", reportId)
    .where("closed_at", "is", null)
    .where("claimed_by", claimedBy === null ? "is not" : "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Closes an open report that nobody else has claimed. Returns whether it did. */
export async function setOutcome(
  db: Db,
  reportId: number,
  close: { closedBy: number; now: number; outcome: ReportOutcome; note: string | null },
): Promise<boolean> {
  const { closedBy, now, outcome, note } = close;
  const result = await db
    .updateTable("reports")
    .set({ closed_by: closedBy, closed_at: now, outcome, note })
    .where("id", "=", reportId)
    .where("closed_at", "is", null)
    .where((where) => where.or([where("claimed_by", "is", null), where("claimed_by", "=", closedBy)]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deleteReportsClosedBefore(db: Db, before: number): Promise<void> {
  await db.deleteFrom("reports").where("closed_at", "<", before).execute();
}

/** Ids of those who may know of the report, besides the one whom it is about. */
export async function reportReaders(db: Db, report: ReportRow): Promise<number[]> {
  const ids = report.for_instance === 1 ? await adminIds(db) : await moderatorIds(db, report.server_id!);
  const viewers = report.for_instance === 1 ? null : await viewersOf(db, report, ids);
  return ids.filter((id) => id !== report.user_id && (viewers === null || viewers.has(id)));
}

/** Who of these sees the channel of the message; null for all members. Of a thread: who sees the channel that it is in. */
async function viewersOf(db: Db, report: ReportRow, among: readonly number[]): Promise<Set<number> | null> {
  const { channel_id: channelId } = report;
  if (channelId === null) return null;
  const channel = await db
    .selectFrom("channels")
    .where("id", "=", channelId)
    .select(["restricted", "parent_id"])
    .executeTakeFirst();
  const isRestricted = (channel?.restricted ?? report.restricted) === 1;
  return isRestricted ? new Set(await channelViewers(db, channel?.parent_id ?? channelId, among)) : null;
}

/** Of all administrators. */
export async function adminIds(db: Db): Promise<number[]> {
  const rows = await db.selectFrom("users").where("is_admin", "=", 1).select("id").execute();
  return rows.map(({ id }) => id);
}

/** Members who may time others out by their roles. When the base role gives it, all members. */
async function moderatorIds(db: Db, serverId: number): Promise<number[]> {
  const bits = bitsOf("moderateMembers", "administrator");
  const rows = await db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("members.server_id", "=", serverId)
    .where((where) =>
      where.or([
        where("members.user_id", "=", where.ref("servers.owner_id")),
        where(
          "members.user_id",
          "in",
          db
            .selectFrom("member_roles")
            .innerJoin("roles", "roles.id", "member_roles.role_id")
            .where("member_roles.server_id", "=", serverId)
            .where(gives(bits))
            .select("member_roles.user_id"),
        ),
        where.exists(
          db
            .selectFrom("roles")
            .where("roles.id", "=", where.ref("servers.everyone_role_id"))
            .where(gives(bits))
            .select("roles.id"),
        ),
      ]),
    )
    .select("members.user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

function gives(bits: number) {
  return sql<boolean>`(roles.permissions & ${sql.lit(bits)}) <> 0`;
}

function isIn(serverId: number | null) {
  const is = expressionBuilder<Tables, "reports">();
  if (serverId === null) return is("reports.for_instance", "=", 1);
  return is.and([is("reports.server_id", "=", serverId), is("reports.for_instance", "=", 0)]);
}

/** Without those about the reader, and those about channels that the reader does not see. */
function knownTo(db: Db, { serverId, reader }: ReportQueue) {
  return db
    .selectFrom("reports")
    .where(isIn(serverId))
    .where("reports.user_id", "!=", reader.userId)
    .$if(!reader.seesAll, (query) =>
      query
        .where(isAboutSeen(db, "reports", reader.userId))
        .where((where) =>
          where.or([
            where("reports.restricted", "=", 0),
            where(
              "reports.channel_id",
              "in",
              db.selectFrom("channels").where("channels.server_id", "=", serverId).select("channels.id"),
            ),
          ]),
        ),
    );
}

async function present(db: Db, rows: readonly ReportRow[]): Promise<Report[]> {
  if (rows.length === 0) return [];
  const ids = rows.flatMap((row) => [row.reporter_id, row.user_id, row.claimed_by, row.closed_by]);
  const found = await usersById(db, [...new Set(ids.filter((id) => id !== null))]);
  const users = new Map<number | null, User>(found.map((user) => [user.id, user]));
  return rows.map((row) => ({
    id: row.id,
    server_id: row.server_id,
    created_at: new Date(row.created_at).toISOString(),
    reporter: users.get(row.reporter_id)!,
    user: users.get(row.user_id)!,
    reason: row.reason,
    message: row.evidence === null ? null : (JSON.parse(row.evidence) as ReportedMessage),
    claimed_by: users.get(row.claimed_by) ?? null,
    closed_by: users.get(row.closed_by) ?? null,
    closed_at: isoOf(row.closed_at),
    outcome: row.outcome as ReportOutcome | null,
    note: row.note,
  }));
}
