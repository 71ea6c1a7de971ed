import { type RefObject, useEffect } from "react";
import { client } from "../../core/client.ts";
import { useVoiceSettings } from "../voice/voice-settings.ts";
import { focusAtEnd } from "./message-input.tsx";
import { insertAtCaret } from "./insert-text.ts";
import { pastedFiles } from "./pasted-files.ts";

/** Matches keys that write a character, except space, which scrolls the page. */
const isLetter = /^\S$/u;

/** Moves the focus to the composer when the user types or pastes outside of any field. */
export function useTypeToFocus(
  area: RefObject<HTMLTextAreaElement | null>,
  onFiles: (files: readonly File[]) => void,
): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (!isOutsideFields() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      // The character itself is then typed into the field.
      if (isLetter.test(event.key) && !isPushToTalk(event)) focusAtEnd(area.current);
    }
    function onPaste(event: ClipboardEvent): void {
      if (!isOutsideFields() || event.defaultPrevented || !event.clipboardData || !area.current) return;
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

/** Whether no text field has the focus and no overlay covers the conversation. */
function isOutsideFields(): boolean {
  const isText = document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;
  return !isText && !document.querySelector("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]");
}

function isPushToTalk({ code }: KeyboardEvent): boolean {
  const { mode, pushKey } = useVoiceSettings.getState();
  return mode === "push" && pushKey === code && client.voice.store.getState().channelId !== null;
}
