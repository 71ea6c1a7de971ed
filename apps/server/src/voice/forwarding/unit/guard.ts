/** Errors of callbacks are reported no more often than this. */
const reportMs = 60_000;

let reportedAt = -Infinity;

/**
 * The result of a call into the engine, or `otherwise` where it throws: the engine closes sections and connections of somebody
 * whose network has vanished before the event of it comes.
 */
export function attempt<Result>(call: () => Result, otherwise: Result): Result {
  try {
    return call();
  } catch {
    return otherwise;
  }
}

/** A callback for the engine. An error in one of them would end the process, and with it all calls of the node. */
export function guarded<Arguments extends unknown[]>(
  act: (...given: Arguments) => unknown,
): (...given: Arguments) => void {
  return (...given) => {
    try {
      act(...given);
    } catch (error) {
      report(error);
    }
  };
}

function report(error: unknown): void {
  const now = performance.now();
  if (now - reportedAt < reportMs) return;
  reportedAt = now;
  process.emitWarning(error instanceof Error ? error : String(error));
}
