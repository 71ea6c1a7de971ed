import type { Clock } from "../clock.ts";

export interface PeriodicTask {
  everyMs: number;
  work: () => Promise<void>;
  onError: (error: unknown) => void;
}

/**
 * Runs `work` every `everyMs` milliseconds and skips a round while the one before still runs. Returns how to stop; work that
 * runs then may fail unheard, because what it uses is being closed.
 */
export function every(clock: Clock, { everyMs, work, onError }: PeriodicTask): () => void {
  let isWorking = false;
  let isStopped = false;
  const timer = clock.setInterval(() => {
    if (isWorking) return;
    isWorking = true;
    work()
      .catch((error: unknown) => {
        if (!isStopped) onError(error);
      })
      .finally(() => {
        isWorking = false;
      });
  }, everyMs);
  return () => {
    isStopped = true;
    timer.cancel();
  };
}
