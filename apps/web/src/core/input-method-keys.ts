/**
 * The `keyCode` of a key that an input method has processed. Safari reports the Enter that confirms a composition after
 * `compositionend`, with `isComposing: false`, so `isComposing` alone does not identify it.
 */
const processedKeyCode = 229;

/** Whether the key event belongs to an input method: it composes or confirms text, and must not act on the page. */
function isInputMethodKey(event: Pick<KeyboardEvent, "isComposing" | "keyCode">): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- no other property identifies the key in Safari
  return event.isComposing || event.keyCode === processedKeyCode;
}

/**
 * Hides the keys of input methods from every key handler of the page: Enter, Escape, Tab and arrow keys of a composition
 * would otherwise send a message, close a dialog or choose a suggestion. Keys named "Process" match no handler and pass,
 * since push to talk identifies its key by `code`. To be installed on `window` before other handlers.
 */
export function ignoreInputMethodKeys(target: EventTarget): void {
  const stop = (event: Event) => {
    const key = event as KeyboardEvent;
    if (isInputMethodKey(key) && key.key !== "Process") key.stopImmediatePropagation();
  };
  target.addEventListener("keydown", stop, { capture: true });
}
