/** Below this Opus sounds worse than the losses that a lower rate would avoid. */
export const lowestBitrate = 16_000;
const step = 4_000;

export interface PathReport {
  /** Share of our packets that did not arrive, 0 to 1. */
  loss: number;
  rttMs: number | null;
}

/**
 * The audio bitrate towards one peer after its latest report: down quickly when packets are lost or queue up on the
 * way, up in small steps once the path is clean, never above the instance's ceiling.
 */
export function nextBitrate(current: number, ceiling: number, { loss, rttMs }: PathReport): number {
  const congested = loss > 0.1 || (rttMs ?? 0) > 800;
  const strained = loss > 0.04 || (rttMs ?? 0) > 400;
  if (congested) return clamp(current * 0.7, ceiling);
  if (strained) return clamp(current * 0.9, ceiling);
  return clamp(loss < 0.02 ? current + step : current, ceiling);
}

function clamp(bitrate: number, ceiling: number): number {
  return Math.round(Math.min(ceiling, Math.max(lowestBitrate, bitrate)));
}
