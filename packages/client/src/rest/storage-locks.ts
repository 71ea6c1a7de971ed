import { systemClock, type Clock, type Locks } from "../platform.ts";

type LockStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const keyPrefix = "miscord.lock.";
/** Longer than another tab can need to have written as well. */
const confirmAfterMs = 60;
const askAgainMs = 100;
/** A tab that was closed with the lock in its hand holds it no longer than this. */
const heldAtMostMs = 10_000;

/**
 * Stands in for `navigator.locks` where a page has none, which is on plain http: turns between the tabs of one browser,
 * taken through a storage that they share. Not watertight, as the storage knows no atomic test-and-set, but enough to keep two
 * tabs that are restored together from rotating the refresh token at the same moment.
 */
export function createStorageLocks(storage: LockStorage, clock: Clock = systemClock): Locks {
  const wait = (delayMs: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, delayMs));
  const isFree = (key: string) => Number(storage.getItem(key)?.split(" ")[1] ?? 0) < clock.now();

  async function take(key: string, mark: string): Promise<void> {
    for (;;) {
      if (isFree(key)) {
        storage.setItem(key, mark);
        await wait(confirmAfterMs);
        // Whoever wrote last has it; the others see that it is not them.
        if (storage.getItem(key) === mark) return;
      }
      await wait(askAgainMs);
    }
  }

  return {
    async request(name, callback) {
      const key = keyPrefix + name;
      const mark = `${crypto.getRandomValues(new Uint32Array(2)).join("-")} ${clock.now() + heldAtMostMs}`;
      await take(key, mark);
      try {
        return await callback();
      } finally {
        if (storage.getItem(key) === mark) storage.removeItem(key);
      }
    },
  };
}
