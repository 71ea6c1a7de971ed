import type { MetricsSnapshot } from "@miscord/client";
import { useSyncExternalStore } from "react";
import { useClient } from "../../core/client.ts";

/** The connection's metrics, updated every second. */
export function useMetrics(): MetricsSnapshot {
  const { metrics } = useClient();
  return useSyncExternalStore(
    (onChange) => metrics.subscribe(onChange),
    () => metrics.get(),
  );
}
