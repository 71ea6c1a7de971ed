import { type RefCallback, useCallback, useState } from "react";

interface ReturnFocus {
  ref: RefCallback<HTMLElement>;
  onCloseAutoFocus: (event: Event) => void;
}

/**
 * For the content of every dialog. Radix returns the focus only to a trigger, but dialogs here are also opened from menus,
 * popovers, other dialogs and shortcuts. If the element that opened the dialog is gone, its closest remaining ancestor
 * takes the focus, at last the page; the ancestors of an overlay are those of what opened the overlay.
 */
export function useReturnFocus(open: boolean): ReturnFocus {
  const [wasOpen, setWasOpen] = useState(false);
  const [line, setLine] = useState<readonly HTMLElement[]>([]);
  if (open !== wasOpen) {
    setWasOpen(open);
    if (open) setLine(lineOf(document.activeElement));
  }
  const ref = useCallback(
    (content: HTMLElement | null) => {
      if (!content) return;
      openedFrom(content, line[0] ?? null);
      holding.add(content);
    },
    [line],
  );
  function onCloseAutoFocus(event: Event): void {
    event.preventDefault();
    release(event.currentTarget as HTMLElement);
    // If the focus has been moved elsewhere on purpose, it stays there, for example in another channel's composer.
    if (document.activeElement !== document.body) return;
    const taker = line.find(takesFocus);
    if (!taker) document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
  }
  return { ref, onCloseAutoFocus };
}

/** Dialogs and drawers that hold the focus: from their first render until they have returned it. */
const holding = new Set<HTMLElement>();
let waiting: (() => void)[] = [];

/**
 * Runs `work` once no dialog or drawer holds the focus any more, at once when none does. For work that moves the focus
 * out of an overlay that is about to close: before, the overlay would take it back.
 */
export function afterOverlays(work: () => void): void {
  if (holding.size === 0) work();
  else waiting.push(work);
}

function release(overlay: HTMLElement): void {
  // React's strict mode ends and begins the effects of an overlay that stays.
  if (overlay.isConnected) return;
  holding.delete(overlay);
  if (holding.size > 0) return;
  const due = waiting;
  waiting = [];
  // Radix lets go of the focus after its event for this, within the same task.
  queueMicrotask(() => {
    for (const work of due) work();
  });
}

/** The element that had the focus before an overlay, or before an element that holds the focus for a moment only. */
const openers = new WeakMap<Element, Element | null>();

/** A dialog that opens while the focus is within `overlay`, and closes after it, returns the focus to `opener`. */
export function openedFrom(overlay: Element, opener: Element | null): void {
  openers.set(overlay, opener);
}

/** For the content of an overlay whose focus Radix returns. */
export function rememberOpener(content: HTMLElement | null): void {
  if (content && !content.contains(document.activeElement)) openedFrom(content, document.activeElement);
}

/** The element and its ancestors, nearest first, with an overlay's opener as its parent. */
function lineOf(start: Element | null): HTMLElement[] {
  const line: HTMLElement[] = [];
  let element = start;
  while (element && element !== document.body && !line.includes(element as HTMLElement)) {
    if (element instanceof HTMLElement) line.push(element);
    element = openers.get(element) ?? element.parentElement;
  }
  return line;
}

/** False when the element was removed, is hidden or disabled, or cannot have the focus. */
function takesFocus(element: HTMLElement): boolean {
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}
