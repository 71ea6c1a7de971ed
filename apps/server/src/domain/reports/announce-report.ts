import { reportReaders } from "../../store/queries/reports.ts";
import type { ReportRow } from "../../store/report-tables.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

/** Tells those who may know of the report that their lists have changed; what it says they fetch, which checks again. */
export async function announceReport(
  context: Pick<DomainContext, "store" | "bus">,
  report: ReportRow,
  { isNew }: { isNew: boolean },
): Promise<void> {
  const server_id = report.for_instance === 1 ? null : report.server_id;
  for (const userId of await reportReaders(context.store.db, report)) {
    publish(context, `user:${userId}`, { type: "reports_changed", server_id, report_id: report.id, is_new: isNew });
  }
}
