/** Where the line "new messages" stands: above what came after `afterSeq`. */
export interface NewLine {
  afterSeq: number | null;
  /** Where it stood until something came while the reader was further up. Those places stay marked: one may be reading there. */
  left: readonly number[];
}

export interface Reading {
  readSeq: number;
  lastSeq: number;
  /** The reader sees the newest messages as they arrive. */
  isWatching: boolean;
  /** The newest messages are on the screen, whether or not somebody looks. */
  isAtPresent: boolean;
}

export function openedAt({ readSeq, lastSeq }: Pick<Reading, "readSeq" | "lastSeq">): NewLine {
  return { afterSeq: lastSeq > readSeq ? readSeq : null, left: [] };
}

/**
 * The line stays where it was when the channel was opened. Only when the reader had seen everything, looked away, and
 * something came does it move to there.
 */
export function movedLine(line: NewLine, { readSeq, lastSeq, isWatching, isAtPresent }: Reading): NewLine {
  if (isWatching || lastSeq <= readSeq) return line;
  if (line.afterSeq === null) return { afterSeq: readSeq, left: [] };
  if (readSeq <= line.afterSeq) return line;
  return { afterSeq: readSeq, left: isAtPresent ? [] : [...line.left, line.afterSeq] };
}
