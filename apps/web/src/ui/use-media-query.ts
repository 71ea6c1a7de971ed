import { useSyncExternalStore } from "react";

function useMediaQuery(query: string): boolean {
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
/** Fingers only: Enter is how they get to a new line, and a keyboard covers half of what is to be read. */
export const useTouch = () => useMediaQuery("(hover: none) and (pointer: coarse)");
/** Too narrow for the member list beside the conversation. */
export const useNarrow = () => useMediaQuery("(max-width: 1023px)");
