import { useState } from "react";

/**
 * For `onCloseAutoFocus` of every overlay. Radix returns the focus only to a trigger, but overlays here are also opened
 * from menus and shortcuts. If the element that opened the overlay is gone, its closest remaining ancestor takes the
 * focus, at last the page.
 */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const [wasOpen, setWasOpen] = useState(false);
  const [line, setLine] = useState<readonly HTMLElement[]>([]);
  if (open !== wasOpen) {
    setWasOpen(open);
    if (open) setLine(lineOf(document.activeElement));
  }
  return (event) => {
    event.preventDefault();
    // If the focus has been moved elsewhere on purpose, it stays there, for example in another channel's composer.
    if (document.activeElement !== document.body) return;
    const taker = line.find(takesFocus);
    if (!taker) document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
  };
}

/** By an element that holds the focus for a moment only, the element that had it before. */
const replaced = new WeakMap<Element, Element | null>();

/** An overlay that opens while `holder` has the focus returns the focus to `former`. */
export function replaceFocus(holder: Element, former: Element | null): void {
  replaced.set(holder, (former && replaced.get(former)) ?? former);
}

/** The element and its ancestors, nearest first. */
function lineOf(start: Element | null): HTMLElement[] {
  const line: HTMLElement[] = [];
  for (
    let element = (start && replaced.get(start)) ?? start;
    element && element !== document.body;
    element = element.parentElement
  )
    if (element instanceof HTMLElement) line.push(element);
  return line;
}

/** False when the element was removed, is hidden or disabled, or cannot have the focus. */
function takesFocus(element: HTMLElement): boolean {
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}
