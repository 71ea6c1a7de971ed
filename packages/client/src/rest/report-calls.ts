import type { FiledReport, Report, ReportBody, ReportOutcomeBody, ReportPage, ReportStatus } from "@miscord/protocol";
import type { AuthorizedHttp } from "./authorized-http.ts";

/** Reports of messages and people, for whoever files them and whoever works on them. */
export function reportCalls(http: AuthorizedHttp) {
  const path = (reportId: number) => `/api/reports/${reportId}`;
  return {
    /** Reporting the same again while the report is open changes its reason. */
    report: (body: ReportBody) => http.request<FiledReport>("POST", "/api/reports", { body }),
    /** Of the server, or with null those for the administrators of the instance. */
    listReports: (serverId: number | null, query: { status?: ReportStatus; before?: number | undefined } = {}) =>
      http.request<ReportPage>("GET", serverId === null ? "/api/reports" : `/api/servers/${serverId}/reports`, {
        query: { ...query },
      }),
    claimReport: (reportId: number) => http.request<Report>("PUT", `${path(reportId)}/claim`),
    releaseReport: (reportId: number) => http.request<Report>("DELETE", `${path(reportId)}/claim`),
    closeReport: (reportId: number, body: ReportOutcomeBody) =>
      http.request<Report>("PUT", `${path(reportId)}/outcome`, { body }),
  };
}
