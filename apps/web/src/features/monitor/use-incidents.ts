import type { MonitorBands, MonitorIncidents, MonitorRange } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useClient } from "../../core/client.ts";
import { usePolling } from "./use-polling.ts";

/** The analysis takes in a minute at a time. */
const periodMs = 15_000;

export interface IncidentsState {
  /** Null before the first response, and while there is none. */
  report: MonitorIncidents | null;
  bands: MonitorBands | null;
  reload: () => void;
}

/** The incidents of the instance and what is usual for it, polled. What failed to load is shown as it was before. */
export function useIncidents(range: MonitorRange): IncidentsState {
  const { rest } = useClient();
  const [state, setState] = useState<{ report: MonitorIncidents | null; bands: MonitorBands | null }>({
    report: null,
    bands: null,
  });
  const load = useCallback(
    async (signal: AbortSignal) => {
      const [report, bands] = await Promise.all([rest.monitorIncidents(), rest.monitorBands(range)]).catch(() => []);
      if (!signal.aborted && report && bands) setState({ report, bands });
    },
    [rest, range],
  );
  usePolling(load, periodMs);
  const reload = useCallback(() => void load(new AbortController().signal), [load]);
  return { ...state, reload };
}
