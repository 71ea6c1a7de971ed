import type { MonitorRange } from "@miscord/protocol";

export const ranges = ["15m", "1h", "24h"] as const satisfies readonly MonitorRange[];

export const rangeSeconds: Readonly<Record<MonitorRange, number>> = { "15m": 900, "1h": 3_600, "24h": 86_400 };

/** Period in seconds that one row of a graph's table covers. */
export const rowSeconds: Readonly<Record<MonitorRange, number>> = { "15m": 60, "1h": 300, "24h": 3_600 };
