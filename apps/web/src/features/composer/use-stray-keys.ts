import { type RefObject, useEffect } from "react";
import { focusAtEnd } from "./message-input.tsx";
import { insertAtCaret } from "./insert-text.ts";

/** Neither named keys nor space, which scrolls as on any page. */
const isLetter = /^\S$/u;

/** Whoever types or pastes while nothing has the focus means the composer. */
export function useStrayKeys(
  area: RefObject<HTMLTextAreaElement | null>,
  onFiles: (files: readonly File[]) => void,
): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (!isStray() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      // The key itself then lands in the field.
      if (isLetter.test(event.key)) focusAtEnd(area.current);
    }
    function onPaste(event: ClipboardEvent): void {
      if (!isStray() || event.defaultPrevented || !event.clipboardData || !area.current) return;
      event.preventDefault();
      const files = [...event.clipboardData.files];
      focusAtEnd(area.current);
      if (files.length > 0) onFiles(files);
      else insertAtCaret(area.current, event.clipboardData.getData("text/plain"));
    }
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("paste", onPaste);
    };
  }, [area, onFiles]);
}

/** The page itself has the focus, and no dialog has it in its stead. */
function isStray(): boolean {
  const focused = document.activeElement;
  return (focused === document.body || focused?.id === "main") && !document.querySelector("[role=dialog], [role=menu]");
}
