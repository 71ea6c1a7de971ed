import { type PointerEvent, useRef, useState } from "react";

/** A pointer that moved less than this is a click. */
const thresholdPx = 5;

interface Drag {
  from: number;
  /** Index of the gap the row would be dropped into: 0 is before the first row, n after the last. */
  gap: number;
}

/**
 * Reorders the rows of a list by mouse or pen. A finger scrolls instead, and keyboard users have menu entries. Rows are
 * the list's `[data-row]` elements.
 */
export function useDragOrder(onMove: (from: number, to: number) => void, isEnabled: boolean) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const suppressClick = useRef(false);

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row]");
    if (!isEnabled || !row || event.button !== 0 || event.pointerType === "touch") return;
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
    const from = rows.indexOf(row);
    const startY = event.clientY;
    let gap: number | null = null;

    function follow(move: globalThis.PointerEvent) {
      if (gap === null && Math.abs(move.clientY - startY) < thresholdPx) return;
      gap = gapAt(rows, move.clientY);
      setDrag({ from, gap });
    }
    function finish(end: Event) {
      removeEventListener("pointermove", follow);
      for (const type of endings) removeEventListener(type, finish);
      setDrag(null);
      if (gap === null) return;
      suppressClick.current = true;
      setTimeout(() => (suppressClick.current = false));
      const to = gap > from ? gap - 1 : gap;
      if (end.type === "pointerup" && to !== from) onMove(from, to);
    }
    addEventListener("pointermove", follow);
    for (const type of endings) addEventListener(type, finish);
  }

  return {
    drag,
    listProps: {
      onPointerDown,
      // The browser's own drag of links is off; after it, the end of this drag would count as a click on a link.
      onDragStart: (event: { preventDefault(): void }) => event.preventDefault(),
      onClickCapture: (event: { preventDefault(): void; stopPropagation(): void }) => {
        if (!suppressClick.current) return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}

const endings = ["pointerup", "pointercancel", "blur"] as const;

function gapAt(rows: readonly HTMLElement[], y: number): number {
  const after = rows.findIndex((row) => {
    const { top, height } = row.getBoundingClientRect();
    return y < top + height / 2;
  });
  return after === -1 ? rows.length : after;
}
