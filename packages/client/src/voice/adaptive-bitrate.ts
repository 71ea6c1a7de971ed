/** Lowest audio bitrate in bits per second: below it Opus sounds worse than packet loss would. */
export const lowestBitrate = 16_000;
const step = 4_000;

export interface PathReport {
  /** Share of the packets sent that did not arrive, 0 to 1. */
  loss: number;
  rttMs: number | null;
}

/**
 * The audio bitrate towards one peer after its latest report, in bits per second: lowered quickly when packets are
 * lost or
 * delayed, raised in small steps without loss, never above `ceiling`.
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
