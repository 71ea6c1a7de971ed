import type { Clock, Timer } from "../clock.ts";

/** A timer that fires no later than this is on time: the event loop was busy, and the process did not stand still. */
const onTimeMs = 1_000;

/**
 * A timeout for something that others must do in time, such as reconnecting. A process that was stopped runs its overdue
 * timers before it reads what arrived meanwhile, so a deadline that fires late is granted the time that was lost, at most
 * `delayMs` once more.
 */
export function setDeadline(clock: Clock, callback: () => void, delayMs: number): Timer {
  const dueAt = clock.monotonic() + delayMs;
  let timer = clock.setTimeout(() => {
    const lateMs = clock.monotonic() - dueAt;
    if (lateMs <= onTimeMs) callback();
    else timer = setDeadline(clock, callback, Math.min(lateMs, delayMs));
  }, delayMs);
  return { cancel: () => timer.cancel() };
}
