import type { Clock } from "../clock.ts";

export interface PeriodicTask {
  everyMs: number;
  work: () => Promise<void>;
  onError: (error: unknown) => void;
}

/** Runs `work` every `everyMs` milliseconds and skips a round while the one before still runs. Returns how to stop. */
export function every(clock: Clock, { everyMs, work, onError }: PeriodicTask): () => void {
  let isWorking = false;
  const timer = clock.setInterval(() => {
    if (isWorking) return;
    isWorking = true;
    work()
      .catch(onError)
      .finally(() => {
        isWorking = false;
      });
  }, everyMs);
  return () => timer.cancel();
}
