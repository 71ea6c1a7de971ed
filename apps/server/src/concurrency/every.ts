import type { Clock } from "../clock.ts";

export interface Duty {
  everyMs: number;
  work: () => Promise<void>;
  onError: (error: unknown) => void;
}

/** Does the work now and then, one round at a time. Answers how to stop. */
export function regularly(clock: Clock, { everyMs, work, onError }: Duty): () => void {
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
