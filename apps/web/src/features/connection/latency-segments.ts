export interface LatencyPoint {
  /** Column of the graph from 0 at the left; the newest sample is in the last one. */
  slot: number;
  rttMs: number;
}

/** Known samples, split into segments wherever one is missing. */
export function latencySegments(history: readonly (number | null)[], slots: number): LatencyPoint[][] {
  const shown = history.slice(-slots);
  const offset = slots - shown.length;
  const segments: LatencyPoint[][] = [];
  for (const [index, rttMs] of shown.entries()) {
    if (rttMs === null) continue;
    const continues = index > 0 && shown[index - 1] !== null;
    if (!continues) segments.push([]);
    segments.at(-1)!.push({ slot: offset + index, rttMs });
  }
  return segments;
}
