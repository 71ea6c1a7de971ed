import { type RefObject, useEffect } from "react";
import { client } from "../../core/client.ts";
import { useVoiceSettings } from "../voice/voice-settings.ts";
import { focusAtEnd } from "./message-input.tsx";
import { insertAtCaret } from "./insert-text.ts";
import { pastedFiles } from "./pasted-files.ts";

/** Neither named keys nor space, which scrolls as on any page. */
const isLetter = /^\S$/u;

/** Whoever types or pastes without having chosen a field means the composer. */
export function useStrayKeys(
  area: RefObject<HTMLTextAreaElement | null>,
  onFiles: (files: readonly File[]) => void,
): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (!isStray() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      // The key itself then lands in the field.
      if (isLetter.test(event.key) && !isPushToTalk(event)) focusAtEnd(area.current);
    }
    function onPaste(event: ClipboardEvent): void {
      if (!isStray() || event.defaultPrevented || !event.clipboardData || !area.current) return;
      event.preventDefault();
      const files = pastedFiles(event.clipboardData);
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

/** Nothing that takes text has the focus, nor does anything lie over the conversation. */
function isStray(): boolean {
  const isText = document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;
  return !isText && !document.querySelector("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]");
}

function isPushToTalk({ code }: KeyboardEvent): boolean {
  const { mode, pushKey } = useVoiceSettings.getState();
  return mode === "push" && pushKey === code && client.voice.store.getState().channelId !== null;
}
