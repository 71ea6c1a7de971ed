/** A run of two or more `|` outside code and escapes. */
export interface Bars {
  readonly start: number;
  readonly length: number;
}

export interface SpoilerSpan {
  /** Of the opening bars. */
  readonly start: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  /** After the closing bars. */
  readonly end: number;
}

/** Pairs bars in their order. Four or more close one spoiler and open the next; bars without a partner are text. */
export function pairBars(bars: readonly Bars[]): SpoilerSpan[] {
  const spans: SpoilerSpan[] = [];
  let open: Bars | null = null;
  for (const run of bars) {
    if (open === null) {
      open = run;
      continue;
    }
    spans.push({ start: open.start, innerStart: open.start + open.length, innerEnd: run.start, end: run.start + 2 });
    open = run.length >= 4 ? { start: run.start + 2, length: run.length - 2 } : null;
  }
  return spans;
}
