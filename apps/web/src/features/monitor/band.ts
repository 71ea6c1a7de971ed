import type { MonitorBands } from "@miscord/protocol";
import type { ChartSpec } from "./charts.ts";

/** Lowest and highest usual value at the times of a graph's columns. */
export interface BandColumns {
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** The usual range of a chart at these times, in seconds; null when there is none for it. */
export function bandColumns(
  chart: ChartSpec,
  bands: MonitorBands | null,
  times: readonly number[],
): BandColumns | null {
  const points = bands?.series[chart.band];
  if (!points || points.length < 2) return null;
  // The analysis counts by the minute.
  const scale = chart.unit === "rate" || chart.unit === "byteRate" ? 1 / 60 : 1;
  const at = (time: number, side: "low" | "high"): number | null => {
    const next = points.findIndex((point) => point.at >= time);
    if (next === -1) return points.at(-1)![side] * scale;
    if (next === 0) return points[0]!.at - time > 1 ? null : points[0]![side] * scale;
    const [before, after] = [points[next - 1]!, points[next]!];
    const share = (time - before.at) / (after.at - before.at);
    return (before[side] + (after[side] - before[side]) * share) * scale;
  };
  return { low: times.map((time) => at(time, "low")), high: times.map((time) => at(time, "high")) };
}
