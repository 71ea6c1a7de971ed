/** Replaces text as if it were typed, so that one undo reverts it. Setting the value would clear the undo history. */
export function replaceRange(area: HTMLTextAreaElement, start: number, end: number, text: string): void {
  area.focus();
  area.setSelectionRange(start, end);
  // oxlint-disable-next-line typescript/no-deprecated -- no other way keeps the undo history
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function insertAtCaret(area: HTMLTextAreaElement, text: string): void {
  replaceRange(area, area.selectionStart, area.selectionEnd, text);
}
