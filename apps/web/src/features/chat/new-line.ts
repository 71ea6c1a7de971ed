/** Where the line "new messages" stands: above what came after `afterSeq`. */
export interface NewLine {
  afterSeq: number | null;
}

export interface Reading {
  readSeq: number;
  lastSeq: number;
  /** The reader sees the newest messages as they arrive. */
  isWatching: boolean;
}

export function openedAt({ readSeq, lastSeq }: Pick<Reading, "readSeq" | "lastSeq">): NewLine {
  return { afterSeq: lastSeq > readSeq ? readSeq : null };
}

/**
 * The line stays where it was when the channel was opened. Only when the reader had seen everything, looked away, and
 * something came does it move to there.
 */
export function movedLine(line: NewLine, { readSeq, lastSeq, isWatching }: Reading): NewLine {
  if (isWatching || lastSeq <= readSeq) return line;
  return line.afterSeq === null || readSeq > line.afterSeq ? { afterSeq: readSeq } : line;
}
