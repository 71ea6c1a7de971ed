import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { isInOverlay } from "../../../ui/is-in-overlay.ts";
import { insertIntoComposer } from "../../composer/composer-bridge.ts";
import type { Row, RowKey } from "../rows.ts";

export interface RowFocus {
  /** The row that Tab leads to: the last one until somebody goes elsewhere. */
  activeIndex: number;
  focusRow: (index: number) => void;
  onFocus: (event: FocusEvent) => void;
  onBlur: () => void;
}

interface Place {
  key: RowKey;
  index: number;
}

/** One walks through the messages with the keyboard as through one control: a single row is in the order of tabs. */
export function useRowFocus(rows: readonly Row[], list: RefObject<HTMLElement | null>): RowFocus {
  const [place, setPlace] = usePlace(rows);
  const [wish, setWish] = useState<{ key: RowKey } | null>(null);
  const hasFocus = useRef(false);
  const activeIndex = place?.index ?? rows.length - 1;
  const activeKind = rows[activeIndex]?.kind;

  const focusActive = useEffectEvent(() => {
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${activeIndex}"] > article`);
    row?.focus({ preventScroll: true });
  });
  useLayoutEffect(() => {
    if (wish && !isInOverlay(document.activeElement)) focusActive();
  }, [wish]);
  useLayoutEffect(() => {
    // The row was deleted, or its message confirmed and drawn anew, with the focus in it, which nothing reports.
    if (hasFocus.current && document.activeElement === document.body) focusActive();
  }, [place?.key, activeKind]);

  return {
    activeIndex,
    focusRow(index) {
      const key = rows[index]?.key;
      if (key === undefined) return;
      setPlace({ key, index });
      setWish({ key });
    },
    onFocus({ target, currentTarget }) {
      // Menus and pickers are no part of the list, though React says so.
      if (!currentTarget.contains(target)) return;
      hasFocus.current = true;
      const index = Number(target.closest<HTMLElement>("[data-index]")?.dataset["index"]);
      const key = rows[index]?.key;
      if (key !== undefined) setPlace({ key, index });
    },
    onBlur() {
      hasFocus.current = false;
    },
  };
}

/** Follows its row as others come and go; the row in its place takes over once it is deleted. */
function usePlace(rows: readonly Row[]): [Place | null, (place: Place) => void] {
  const [place, setPlace] = useState<Place | null>(null);
  if (!place || rows[place.index]?.key === place.key) return [place, setPlace];
  const found = rows.findIndex(({ key }) => key === place.key);
  const index = found < 0 ? Math.min(place.index, rows.length - 1) : found;
  const next = index < 0 ? null : { key: rows[index]!.key, index };
  setPlace(next);
  return [next, setPlace];
}

interface Keys {
  activeIndex: number;
  lastIndex: number;
  /** Rows on the screen. */
  pageLength: number;
  go: (index: number) => void;
}

/** Arrows, Home, End and pages go from message to message; Escape leads from a message's buttons to it, and from it to the composer. */
export function moveByKey(event: KeyboardEvent, { activeIndex, lastIndex, pageLength, go }: Keys): void {
  if (!isForList(event)) return;
  const target = event.target as HTMLElement;
  const isRow = isOnRow(event);
  if (event.key === "Escape" && !target.matches("textarea")) {
    event.preventDefault();
    if (isRow) insertIntoComposer("");
    else go(activeIndex);
    return;
  }
  const next = isRow ? nextIndex(event.key, { activeIndex, lastIndex, pageLength }) : null;
  if (next === null) return;
  event.preventDefault();
  if (next > lastIndex) insertIntoComposer("");
  else go(Math.max(0, next));
}

/** A message itself has the focus, rather than an editor, a button or a picker in it. */
export function isOnRow(event: KeyboardEvent): boolean {
  return isForList(event) && (event.target as HTMLElement).matches("article");
}

/** Nobody has used it yet, and it comes from the list: menus and pickers are no part of it, though React says so. */
function isForList(event: KeyboardEvent): boolean {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  return isPlain && !event.defaultPrevented && event.currentTarget.contains(event.target as Node);
}

function nextIndex(key: string, { activeIndex, lastIndex, pageLength }: Omit<Keys, "go">): number | null {
  switch (key) {
    case "ArrowUp":
      return activeIndex - 1;
    case "ArrowDown":
      return activeIndex + 1;
    case "PageUp":
      return activeIndex - pageLength;
    case "PageDown":
      return Math.min(lastIndex, activeIndex + pageLength);
    case "Home":
      return 0;
    case "End":
      return lastIndex;
    default:
      return null;
  }
}
