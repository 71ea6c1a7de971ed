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

/** Screens that show one pane at a time. */
export const usePhone = () => useMediaQuery("(max-width: 767px)");
/** Touch-only devices: Enter inserts a line break there, and the on-screen keyboard covers half of the screen. */
export const useTouch = () => useMediaQuery("(hover: none) and (pointer: coarse)");
/** Screens too narrow for the member list beside the conversation. */
export const useNarrow = () => useMediaQuery("(max-width: 1023px)");
/** Screens with room for a thread beside its channel. */
export const useWide = () => useMediaQuery("(min-width: 1280px)");
