/** Web lock that the pages of this browser hold in shared mode while they are visible and have the focus. */
const lockName = "miscord.attended";
const changes = ["focus", "blur"] as const;

let release: (() => void) | null = null;

/**
 * Holds the lock while this page is visible and has the focus, until the returned function is called. To be called once. Web locks need a
 * secure context; without them no tab knows of the others.
 */
export function announceAttention(): () => void {
  document.addEventListener("visibilitychange", follow);
  for (const change of changes) addEventListener(change, follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    for (const change of changes) removeEventListener(change, follow);
    release?.();
    release = null;
  };
}

function isAttended(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

function follow(): void {
  if (!isAttended()) {
    release?.();
    release = null;
  } else if (!release && "locks" in navigator) {
    const { promise, resolve } = Promise.withResolvers<void>();
    release = resolve;
    void navigator.locks.request(lockName, { mode: "shared" }, () => promise);
  }
}

/** Whether any tab of this browser is visible and has the focus. */
export async function isAnyPageAttended(): Promise<boolean> {
  if (isAttended()) return true;
  if (!("locks" in navigator)) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName);
}

/** How long a claim is held: long enough for every tab to have received the notification. */
const claimMs = 3_000;

/** Resolves to true in exactly one of the tabs that claim the same key within `claimMs`. */
export async function claim(key: string): Promise<boolean> {
  if (!("locks" in navigator)) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  void navigator.locks.request(`miscord.notification.${key}`, { ifAvailable: true }, async (lock) => {
    resolve(lock !== null);
    if (lock) await new Promise((done) => setTimeout(done, claimMs));
  });
  return promise;
}
