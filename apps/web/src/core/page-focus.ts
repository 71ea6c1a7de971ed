import { useSyncExternalStore } from "react";

function subscribeFocus(onChange: () => void): () => void {
  addEventListener("focus", onChange);
  addEventListener("blur", onChange);
  document.addEventListener("visibilitychange", onChange);
  return () => {
    removeEventListener("focus", onChange);
    removeEventListener("blur", onChange);
    document.removeEventListener("visibilitychange", onChange);
  };
}

/** Whether the page is visible and has the focus: the browser's best sign that somebody is looking at it. */
export function usePageFocus(): boolean {
  return useSyncExternalStore(subscribeFocus, () => document.visibilityState === "visible" && document.hasFocus());
}
