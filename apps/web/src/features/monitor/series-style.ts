/** Colours of a chart's series in order, with dash patterns that tell the lines apart without colour. */
export const seriesStyles = [
  { token: "--mark", dash: [] },
  { token: "--series-2", dash: [6, 3] },
  { token: "--series-3", dash: [2, 3] },
  { token: "--series-4", dash: [8, 3, 2, 3] },
] as const;

export function tokenValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
