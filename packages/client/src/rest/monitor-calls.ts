import type {
  IncidentVerdict,
  MonitorBands,
  MonitorHistory,
  MonitorIncidents,
  MonitorOverview,
  MonitorRange,
  MonitorScope,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls of the operator's dashboard, apart from `Rest` so that only it loads them. Each rejects with `ApiError`. */
export function monitorCalls({ call }: Pick<Rest, "call">) {
  return {
    overview: () => call<MonitorOverview>("GET", "/api/monitor"),
    /** Oldest first. `after`: only samples that ended later than this, in seconds since the epoch. */
    history: (range: MonitorRange, of: MonitorScope = "node", after?: number) =>
      call<MonitorHistory>("GET", "/api/monitor/history", { query: { range, of, after } }),
    incidents: () => call<MonitorIncidents>("GET", "/api/monitor/incidents"),
    bands: (range: MonitorRange, of: MonitorScope = "node") =>
      call<MonitorBands>("GET", "/api/monitor/bands", { query: { range, of } }),
    judge: (id: string, verdict: IncidentVerdict) =>
      call<void>("PUT", `/api/monitor/incidents/${encodeURIComponent(id)}`, { body: { verdict } }),
  };
}
