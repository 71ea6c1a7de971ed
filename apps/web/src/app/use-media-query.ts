import { useSyncExternalStore } from "react";

export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => matchMedia(query).matches,
  );
}

/** One pane at a time. */
export const usePhone = () => useMediaQuery("(max-width: 767px)");
/** Too narrow for the member list beside the conversation. */
export const useNarrow = () => useMediaQuery("(max-width: 1023px)");
