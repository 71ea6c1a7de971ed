import { useState } from "react";

/**
 * For `onCloseAutoFocus` of all that opens over the page. Radix gives the focus back to a trigger only; ours are opened
 * from menus, keys and elsewhere. If what opened it is gone, what it stood in takes the focus, at last the page.
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
    // Whoever was led elsewhere meanwhile, say into another channel's composer, stays there.
    if (document.activeElement !== document.body) return;
    const taker = line.find(takesFocus);
    if (!taker) document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
  };
}

/** The element and all that it stands in, the nearest first. */
function lineOf(start: Element | null): HTMLElement[] {
  const line: HTMLElement[] = [];
  for (let element = start; element && element !== document.body; element = element.parentElement)
    if (element instanceof HTMLElement) line.push(element);
  return line;
}

/** Not when it is gone, hidden, disabled, or nothing that can have the focus. */
function takesFocus(element: HTMLElement): boolean {
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}
