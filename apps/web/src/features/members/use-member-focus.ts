import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useState } from "react";
import { memberStep, type MemberListRow } from "./member-rows.ts";

/**
 * Roving tabindex of the member list: one row is in the tab order, and the arrow keys, Home and End move between rows.
 * The active row follows its member when the list is sorted anew.
 */
export function useMemberFocus(
  rows: readonly MemberListRow[],
  list: RefObject<HTMLElement | null>,
  scrollTo: (index: number) => void,
) {
  const [activeId, setActiveId] = useState<number | null>(null);
  const [wish, setWish] = useState<{ id: number } | null>(null);
  const found = rows.findIndex((row) => row.kind === "member" && row.id !== null && row.id === activeId);
  const activeIndex = found < 0 ? rows.findIndex((row) => row.kind === "member" && row.id !== null) : found;

  const focusActive = useEffectEvent(() => {
    list.current?.querySelector<HTMLElement>(`[data-row="${activeIndex}"]`)?.focus({ preventScroll: true });
  });
  useEffect(() => {
    if (wish) focusActive();
  }, [wish]);

  function activate(index: number): number | null {
    const row = rows[index];
    if (row?.kind !== "member" || row.id === null) return null;
    setActiveId(row.id);
    return row.id;
  }

  return {
    activeIndex,
    onFocus: (event: FocusEvent<HTMLElement>): void => {
      const index = rowOf(event);
      if (index !== null) activate(index);
    },
    /** For the capture phase: an arrow key on a menu button would open its menu. */
    onKeyDown: (event: KeyboardEvent<HTMLElement>): void => {
      const index = rowOf(event);
      if (index === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const next = memberStep(rows, index, event.key);
      if (next === null) return;
      event.preventDefault();
      event.stopPropagation();
      scrollTo(next);
      const id = activate(next);
      if (id !== null) setWish({ id });
    },
  };
}

/** Index of the row that the event is about; null in a menu, whose events React bubbles through its portal. */
function rowOf({ target, currentTarget }: { target: EventTarget; currentTarget: HTMLElement }): number | null {
  if (!(target instanceof HTMLElement) || !currentTarget.contains(target)) return null;
  const index = target.dataset["row"];
  return index === undefined ? null : Number(index);
}
