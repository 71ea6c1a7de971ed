import { systemClock, type Clock, type Locks } from "../platform.ts";

type LockStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const keyPrefix = "miscord.lock.";
/** Time after which every tab that saw the lock free at the same moment has written its mark. */
const confirmAfterMs = 60;
const askAgainMs = 100;
/** A lock expires after this, so that a tab that was closed while it held the lock does not block the others. */
const heldAtMostMs = 10_000;

/**
 * Replaces `navigator.locks`, which is missing on plain http, by locks in storage that the tabs of a browser share.
 * Mutual
 * exclusion is not guaranteed, since storage has no atomic test-and-set, but it keeps two tabs that are restored
 * together
 * from rotating the refresh token at the same moment.
 */
export function createStorageLocks(storage: LockStorage, clock: Clock = systemClock): Locks {
  const wait = (delayMs: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, delayMs));
  const isFree = (key: string) => Number(storage.getItem(key)?.split(" ")[1] ?? 0) < clock.now();

  async function take(key: string, mark: string): Promise<void> {
    for (;;) {
      if (isFree(key)) {
        storage.setItem(key, mark);
        await wait(confirmAfterMs);
        // The tab that wrote last holds the lock; the others read a mark that is not theirs and ask again.
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
