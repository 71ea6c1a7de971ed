const firstPauseMs = 15_000;

/** Milliseconds before a row of an outbox is tried again: 15 seconds after the first attempt, then twice as long each time. */
export function pauseAfter({ attempts }: { attempts: number }): number {
  return firstPauseMs * 2 ** Math.min(10, Math.max(0, attempts - 1));
}
