import { monitorCalls } from "@miscord/client";
import type { MonitorBands, MonitorIncidents } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useClient } from "../../core/client.ts";
import type { Shown } from "./use-monitor.ts";
import { usePolling } from "./use-polling.ts";

/** The analysis takes in a minute at a time. */
const periodMs = 15_000;

export interface IncidentsState {
  /** Null before the first response, and while there is none. */
  report: MonitorIncidents | null;
  bands: MonitorBands | null;
  /** Error of the latest attempt; null when it succeeded. */
  error: unknown;
  reload: () => void;
}

type Held = Omit<IncidentsState, "reload"> & Pick<Shown, "of">;

/** The incidents of the instance and what is usual for it, polled. What failed to load is shown as it was before. */
export function useIncidents({ range, of }: Shown): IncidentsState {
  const { rest } = useClient();
  const [state, setState] = useState<Held>({ of, report: null, bands: null, error: null });
  const load = useCallback(
    async (signal: AbortSignal) => {
      const calls = monitorCalls(rest);
      try {
        const [report, bands] = await Promise.all([calls.incidents(), calls.bands(range, of)]);
        if (!signal.aborted) setState({ of, report, bands, error: null });
      } catch (error) {
        if (!signal.aborted) setState((last) => ({ ...last, error }));
      }
    },
    [rest, range, of],
  );
  usePolling(load, periodMs);
  const reload = useCallback(() => void load(new AbortController().signal), [load]);
  // What is usual for one node is not drawn over the figures of all.
  return { ...state, bands: state.of === of ? state.bands : null, reload };
}
