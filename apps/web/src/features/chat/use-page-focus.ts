import { useSyncExternalStore } from "react";

function subscribe(onChange: () => void): () => void {
  addEventListener("focus", onChange);
  addEventListener("blur", onChange);
  document.addEventListener("visibilitychange", onChange);
  return () => {
    removeEventListener("focus", onChange);
    removeEventListener("blur", onChange);
    document.removeEventListener("visibilitychange", onChange);
  };
}

/** Somebody is looking at this page, as far as the browser can tell. */
export function usePageFocus(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === "visible" && document.hasFocus());
}
