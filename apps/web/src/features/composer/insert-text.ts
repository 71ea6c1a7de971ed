/** As if it were typed: one undo takes it back, which setting the value would not allow. */
export function replaceRange(area: HTMLTextAreaElement, start: number, end: number, text: string): void {
  area.focus();
  area.setSelectionRange(start, end);
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else keeps the history of undo
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function insertAtCaret(area: HTMLTextAreaElement, text: string): void {
  replaceRange(area, area.selectionStart, area.selectionEnd, text);
}
