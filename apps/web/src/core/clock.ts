import { useSyncExternalStore } from "react";

const minuteMs = 60_000;

interface Clock {
  /** Calls the listener at the beginning of every minute, and when the page becomes visible. Returns a function that removes it. */
  subscribe: (listener: () => void) => () => void;
}

/** `page` fires `visibilitychange`: a computer that slept, and a hidden tab, run timers late. */
export function createClock(page: EventTarget): Clock {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function tick(): void {
    for (const listener of listeners) listener();
  }
  function schedule(): void {
    timer = setTimeout(
      () => {
        schedule();
        tick();
      },
      minuteMs - (Date.now() % minuteMs),
    );
  }
  function start(): void {
    page.addEventListener("visibilitychange", tick);
    schedule();
  }
  function stop(): void {
    page.removeEventListener("visibilitychange", tick);
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  return {
    subscribe(listener) {
      if (listeners.size === 0) start();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}

/** The clock of this page, with one timer for everything that shows the time. */
let pageClock: Clock | null = null;

function subscribe(listener: () => void): () => void {
  pageClock ??= createClock(document);
  return pageClock.subscribe(listener);
}

/** A value that depends on the present time, such as "5 minutes ago" or "today". Renders again only when it changes. */
export function useAtPresent<Value extends string | number | boolean>(valueAt: (nowMs: number) => Value): Value {
  return useSyncExternalStore(subscribe, () => valueAt(Date.now()));
}
