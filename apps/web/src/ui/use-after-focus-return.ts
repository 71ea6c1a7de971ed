import { useRef } from "react";

/**
 * For menus and popovers: what was chosen in them runs when the closed overlay has returned the focus. A dialog that the
 * choice opens then returns the focus to what had opened the menu, and a choice that moves the focus has the last word.
 */
export function useAfterFocusReturn() {
  const chosen = useRef<(() => void) | undefined>(undefined);
  const choose = (run: () => void): void => {
    chosen.current = run;
  };
  // Radix moves the focus after this handler, within the same task; a microtask comes after both.
  const onCloseAutoFocus = (): void => {
    queueMicrotask(() => {
      const run = chosen.current;
      chosen.current = undefined;
      run?.();
    });
  };
  return { choose, onCloseAutoFocus };
}
