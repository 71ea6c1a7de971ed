/** Held in shared mode by every page of this browser that is on the screen. */
const lockName = "miscord.visible";

let release: (() => void) | null = null;

/** Lets the other tabs know when this one is looked at. To be called once. Needs a secure context; without one every tab stands alone. */
export function announceVisibility(): () => void {
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    release?.();
    release = null;
  };
}

function follow(): void {
  if (document.visibilityState === "hidden") {
    release?.();
    release = null;
  } else if (!release && "locks" in navigator) {
    const { promise, resolve } = Promise.withResolvers<void>();
    release = resolve;
    void navigator.locks.request(lockName, { mode: "shared" }, () => promise);
  }
}

/** Whether any tab of this browser is on the screen. */
export async function isAnyPageVisible(): Promise<boolean> {
  if (document.visibilityState === "visible") return true;
  if (!("locks" in navigator)) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName);
}

/** Long enough for every tab to have heard of it. */
const claimMs = 3_000;

/** True in one tab only, of those that ask for the same key at about the same time. */
export async function claim(key: string): Promise<boolean> {
  if (!("locks" in navigator)) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  void navigator.locks.request(`miscord.notice.${key}`, { ifAvailable: true }, async (lock) => {
    resolve(lock !== null);
    if (lock) await new Promise((done) => setTimeout(done, claimMs));
  });
  return promise;
}
