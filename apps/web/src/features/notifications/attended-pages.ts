import { client } from "../../core/client.ts";
import { getsPushes } from "../../core/push-mark.ts";

/** Web lock that the pages of this browser hold in shared mode while they are visible and have the focus. */
const lockName = "miscord.attended";
const changes = ["focus", "blur"] as const;

/** Signs that somebody is at the page that is looked at. */
const inputs = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
/** After this time without a sign, nobody may be there, and devices ring again. */
const patienceMs = 180_000;

let release: (() => void) | null = null;

/**
 * Holds the lock while this page is visible and has the focus, until the returned function is called. To be called once. Web locks need a
 * secure context; without them no tab knows of the others. `onActive` is told whether somebody looks at the page.
 */
export function announceAttention(onActive: (isActive: boolean) => void): () => void {
  const attended = new AbortController();
  const { signal } = attended;
  let away: ReturnType<typeof setTimeout>;
  function noticed(): void {
    clearTimeout(away);
    onActive(isAttended());
    away = setTimeout(() => onActive(false), patienceMs);
  }
  function changed(): void {
    follow();
    noticed();
  }
  document.addEventListener("visibilitychange", changed, { signal });
  for (const change of changes) addEventListener(change, changed, { signal });
  for (const input of inputs) addEventListener(input, noticed, { signal, passive: true });
  changed();
  return () => {
    attended.abort();
    clearTimeout(away);
    onActive(false);
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

/** Whether nothing is to be shown in the background: a tab is looked at, or pushes reach this browser instead. */
export async function isToldElsewhere(): Promise<boolean> {
  return (await isAnyPageAttended()) || (getsPushes() && arePushesArriving());
}

function arePushesArriving(): Promise<boolean> {
  return import("./push/subscribe.ts").then(({ arePushesArriving }) => arePushesArriving(client)).catch(() => false);
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
