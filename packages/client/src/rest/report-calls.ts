import type { FiledReport, Report, ReportBody, ReportOutcomeBody, ReportPage, ReportStatus } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about reports, apart from `Rest` so that only their screens load them. Each rejects with `ApiError`. */
export function reportCalls({ call }: Pick<Rest, "call">) {
  const path = (reportId: number) => `/api/reports/${reportId}`;
  return {
    /** Reporting the same again while the report is open changes its reason. */
    report: (body: ReportBody) => call<FiledReport>("POST", "/api/reports", { body }),
    /** Of the server, or with null those for the administrators of the instance. */
    listReports: (serverId: number | null, query: { status?: ReportStatus; before?: number | undefined } = {}) =>
      call<ReportPage>("GET", serverId === null ? "/api/reports" : `/api/servers/${serverId}/reports`, {
        query: { ...query },
      }),
    claimReport: (reportId: number) => call<Report>("PUT", `${path(reportId)}/claim`),
    releaseReport: (reportId: number) => call<Report>("DELETE", `${path(reportId)}/claim`),
    closeReport: (reportId: number, body: ReportOutcomeBody) =>
      call<Report>("PUT", `${path(reportId)}/outcome`, { body }),
  };
}
