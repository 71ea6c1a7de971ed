import type { MonitorOverview, MonitorRange, MonitorSample } from "@miscord/protocol";
import { useCallback, useRef, useState } from "react";
import { useClient } from "../../core/client.ts";
import { rangeSeconds } from "./ranges.ts";
import { usePolling } from "./use-polling.ts";

const periodMs = 3_000;

export interface Monitor {
  /** The latest overview; null before the first response. */
  overview: MonitorOverview | null;
  samples: readonly MonitorSample[] | null;
  /** Error of the latest attempt; null when it succeeded. */
  error: unknown;
}

interface Held extends Monitor {
  range: MonitorRange;
}

/** The state of the instance, polled. Only samples newer than the loaded ones are requested. */
export function useMonitor(range: MonitorRange): Monitor {
  const { rest } = useClient();
  const [monitor, setMonitor] = useState<Held>({ range, overview: null, samples: null, error: null });
  const held = useRef<{ range: MonitorRange; samples: readonly MonitorSample[] }>({ range, samples: [] });
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        const known = held.current.range === range ? held.current.samples : [];
        const after = known.at(-1)?.at;
        const [overview, fresh] = await Promise.all([rest.monitorOverview(), rest.monitorHistory(range, after)]);
        if (signal.aborted) return;
        const samples = joined(known, fresh, Date.parse(overview.at) / 1_000 - rangeSeconds[range]);
        held.current = { range, samples };
        setMonitor({ range, overview, samples, error: null });
      } catch (error) {
        if (!signal.aborted) setMonitor((last) => ({ ...last, error }));
      }
    },
    [rest, range],
  );
  usePolling(load, periodMs);
  // Samples of the former range are hidden at once after a change of the range.
  return monitor.range === range ? monitor : { ...monitor, samples: null };
}

function joined(held: readonly MonitorSample[], fresh: readonly MonitorSample[], since: number) {
  const first = held[0];
  if (fresh.length === 0 && (!first || first.at > since)) return held;
  return [...held, ...fresh].filter(({ at }) => at > since);
}
