import { monitorCalls } from "@miscord/client";
import type { MonitorOverview, MonitorRange, MonitorSample, MonitorScope } from "@miscord/protocol";
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

interface Held extends Monitor, Shown {}

/** What the samples are of. */
export interface Shown {
  range: MonitorRange;
  of: MonitorScope;
}

/** The samples that were loaded, and the node that they are from; null before the first. */
interface Known extends Shown {
  node: string | null;
  samples: readonly MonitorSample[];
}

const nothing = { node: null, samples: [] } satisfies Omit<Known, keyof Shown>;

/** The state of the instance, polled. Only samples newer than the loaded ones are requested. */
export function useMonitor({ range, of }: Shown): Monitor {
  const { rest } = useClient();
  const [monitor, setMonitor] = useState<Held>({ range, of, overview: null, samples: null, error: null });
  const held = useRef<Known>({ range, of, node: null, samples: [] });
  const load = useCallback(
    async (signal: AbortSignal) => {
      const calls = monitorCalls(rest);
      try {
        const { node, samples: known } =
          held.current.range === range && held.current.of === of ? held.current : nothing;
        const after = known.at(-1)?.at;
        const [overview, fresh] = await Promise.all([calls.overview(), calls.history(range, of, after)]);
        // Behind a load balancer another node may answer, whose samples are not a continuation.
        const isOther = node !== null && node !== fresh.node;
        const next = isOther ? await calls.history(range, of) : fresh;
        if (signal.aborted) return;
        const since = Date.parse(overview.at) / 1_000 - rangeSeconds[range];
        // What is asked for anew is whole, whichever node answers it then.
        const samples = joined(isOther ? [] : known, next.samples, since);
        held.current = { range, of, node: next.node, samples };
        setMonitor({ range, of, overview, samples, error: null });
      } catch (error) {
        if (!signal.aborted) setMonitor((last) => ({ ...last, error }));
      }
    },
    [rest, range, of],
  );
  usePolling(load, periodMs);
  // Samples of the former range are hidden at once after a change of it.
  return monitor.range === range && monitor.of === of ? monitor : { ...monitor, samples: null };
}

function joined(held: readonly MonitorSample[], fresh: readonly MonitorSample[], since: number) {
  const first = held[0];
  if (fresh.length === 0 && (!first || first.at > since)) return held;
  return [...held, ...fresh].filter(({ at }) => at > since);
}
