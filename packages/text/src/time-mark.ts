import type { TimeStyle } from "./nodes.ts";

const mark = /<t:(-?\d{1,11})(?::([tTdDfFR]))?>/y;

/** The moment that the text names at this position, in milliseconds since 1970. */
export function timeAt(text: string, at: number): { atMs: number; style: TimeStyle; end: number } | null {
  mark.lastIndex = at;
  const match = mark.exec(text);
  return match && { atMs: 1_000 * Number(match[1]), style: (match[2] ?? "f") as TimeStyle, end: mark.lastIndex };
}

/** The moment where nobody's own time is known. */
export function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
