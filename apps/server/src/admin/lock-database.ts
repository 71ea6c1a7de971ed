import { systemClock } from "../clock.ts";
import { NodeLock } from "../store/postgres/node-lock.ts";

/** Keeps all nodes off the database until the lock is released. @throws StartupError while one uses it. */
export async function lockDatabase(url: string): Promise<NodeLock> {
  // The clock's timers keep no process alive, and between two attempts nothing else does.
  const awake = setInterval(() => {}, 1_000);
  try {
    return await NodeLock.take({ url, clock: systemClock, isAlone: true, onTaken: () => {} });
  } finally {
    clearInterval(awake);
  }
}
