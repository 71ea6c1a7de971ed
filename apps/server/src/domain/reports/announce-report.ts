import { reportReaders } from "../../store/queries/reports.ts";
import type { ReportRow } from "../../store/report-tables.ts";
import type { Actor, DomainContext } from "../context.ts";
import { chargeCrowd } from "../crowd-budget.ts";
import { publish } from "../publish.ts";

/**
 * Tells those who may know of the report that their lists have changed; what it says they fetch, which checks again. Where the base
 * role moderates they are all members, so that who causes it asks `requireCrowdBudget` first.
 */
export async function announceReport(
  context: Pick<DomainContext, "store" | "bus" | "rates">,
  { userId: actorId }: Actor,
  report: ReportRow,
  { isNew }: { isNew: boolean },
): Promise<void> {
  const server_id = report.for_instance === 1 ? null : report.server_id;
  const readers = await reportReaders(context.store.db, report);
  chargeCrowd(context, actorId, readers.length);
  for (const userId of readers) {
    publish(context, `user:${userId}`, { type: "reports_changed", server_id, report_id: report.id, is_new: isNew });
  }
}
