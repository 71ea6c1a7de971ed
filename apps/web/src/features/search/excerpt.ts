import type { SearchHit } from "@miscord/protocol";

export interface Piece {
  readonly text: string;
  readonly isMarked: boolean;
  readonly start: number;
}

/** Characters before the first match, and in the excerpt as a whole. */
const before = 80;
const longest = 400;

/** The part of a message around its first match, in pieces. Spoilers stay covered. */
export function excerptOf(content: string, highlights: SearchHit["highlights"]): Piece[] {
  const covered = content.replace(/\|\|[\s\S]+?\|\|/g, (spoiler) => "▒".repeat(spoiler.length));
  const visible = highlights.filter(({ start, end }) => !covered.slice(start, end).includes("▒"));
  const first = visible[0]?.start ?? 0;
  const from = first <= before ? 0 : covered.lastIndexOf(" ", first - before / 2) + 1;
  const to = Math.min(covered.length, from + longest);
  const pieces: Piece[] = from > 0 ? [{ text: "… ", isMarked: false, start: -1 }] : [];
  let at = from;
  const add = (end: number, isMarked: boolean) => {
    if (end > at) pieces.push({ text: shortened(covered.slice(at, end)), isMarked, start: at });
    at = Math.max(at, end);
  };
  for (const { start, end } of visible) {
    if (start < from || end > to) continue;
    add(start, false);
    add(end, true);
  }
  add(to, false);
  if (to < covered.length) pieces.push({ text: " …", isMarked: false, start: -2 });
  return pieces;
}

const moments = /<t:(-?\d{1,11})(?::[tTdDfFR])?>/g;

/** With what `shown` returns, of milliseconds since 1970, in place of each moment that the text names. */
export function withMoments(text: string, shown: (atMs: number) => string): string {
  return text.replace(moments, (_, seconds: string) => shown(1_000 * Number(seconds)));
}

/** A covered spoiler has the same width whatever it hides. */
function shortened(text: string): string {
  return text.replace(/▒+/g, "▒▒▒▒");
}
