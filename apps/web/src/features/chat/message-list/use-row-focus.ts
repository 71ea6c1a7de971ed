import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { isInOverlay } from "../../../ui/is-in-overlay.ts";
import { focusComposer } from "../../composer/composer-bridge.ts";
import { stopEditing, useEditing } from "../../composer/editing.ts";
import { indexOfMessage, type Row, type RowKey } from "../rows.ts";

export interface RowFocus {
  /** The one row in the tab order: the last row until the user moves the focus. */
  activeIndex: number;
  focusRow: (index: number) => void;
  onFocus: (event: FocusEvent) => void;
  onBlur: () => void;
}

interface Place {
  key: RowKey;
  index: number;
}

/** Roving tabindex: a single row is in the tab order, arrow keys move between rows. */
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
    // The focused row was deleted, or remounted when its message was confirmed. Browsers fire no blur event for that.
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
      // React bubbles events of menus and pickers through their portals, though they are outside the list.
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

/** The active row, followed by its key while rows are added and removed. When it is deleted, the row at its index takes over. */
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
  /** Number of rows that PageUp and PageDown move by. */
  pageLength: number;
  go: (index: number) => void;
}

/** Arrow keys, Home, End and page keys move between messages. Escape moves from a message's buttons to the message, then to the composer. */
export function moveByKey(event: KeyboardEvent, { activeIndex, lastIndex, pageLength, go }: Keys): void {
  if (!isForList(event)) return;
  const target = event.target as HTMLElement;
  const isRow = isOnRow(event);
  if (event.key === "Escape" && !target.matches("textarea")) {
    event.preventDefault();
    if (isRow) focusComposer();
    else go(activeIndex);
    return;
  }
  const next = isRow ? nextIndex(event.key, { activeIndex, lastIndex, pageLength }) : null;
  if (next === null) return;
  event.preventDefault();
  if (next > lastIndex) focusComposer();
  else go(Math.max(0, next));
}

/** Whether the message itself has the focus, not an editor, a button or a picker in it. */
export function isOnRow(event: KeyboardEvent): boolean {
  return isForList(event) && (event.target as HTMLElement).matches("article");
}

/** Whether the key event is unhandled, has no modifier and comes from inside the list's element, not from a menu's portal. */
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

interface EditOptions {
  channelId: number;
  rows: readonly Row[];
  scrollTo: (index: number) => void;
  focusRow: (index: number) => void;
}

/**
 * Id of the message of this channel that is being edited. Editing scrolls it into view; afterwards the focus returns to
 * the composer if editing was started there, else to the message.
 */
export function useEditInList({ channelId, rows, scrollTo, focusRow }: EditOptions): number | null {
  const editedId = useEditing(({ edit }) => (edit?.channelId === channelId ? edit.messageId : null));
  const fromComposer = useEditing(({ edit }) => edit?.fromComposer ?? false);
  const last = useRef<{ id: number; fromComposer: boolean } | null>(null);
  useEffect(() => {
    if (editedId !== null) {
      scrollTo(indexOfMessage(rows, editedId));
      last.current = { id: editedId, fromComposer };
    } else if (last.current) {
      const index = indexOfMessage(rows, last.current.id);
      if (last.current.fromComposer) focusComposer();
      else if (index >= 0) focusRow(index);
      last.current = null;
    }
    // oxlint-disable-next-line react/exhaustive-deps -- runs only when an edit begins or ends
  }, [editedId]);
  useEffect(() => stopEditing, [channelId]);
  return editedId;
}
