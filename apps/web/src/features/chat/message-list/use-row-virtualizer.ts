import {
  defaultRangeExtractor,
  measureElement,
  useVirtualizer,
  type Range,
  type Virtualizer,
} from "@tanstack/react-virtual";
import { type RefObject, useCallback, useRef } from "react";
import type { Timeline } from "@miscord/client";
import type { Attachment } from "@miscord/protocol";
import { attachmentsHeight } from "../../attachments/box.ts";
import type { Row } from "../rows.ts";
import { edgePx } from "./list-edges.tsx";
import { type EndHold, endThresholdPx } from "./end-hold.ts";

interface Options {
  rows: readonly Row[];
  scroller: RefObject<HTMLDivElement | null>;
  /** This row stays mounted at any scroll position, so that the keyboard focus is never lost. */
  activeIndex: number;
  timeline: Timeline;
  hold: EndHold;
  isAtPresent: boolean;
}

/** Keeps the visible rows in place while rows above them are added, resized or removed; `hold` keeps the end in place. */
export function useRowVirtualizer({ rows, scroller, activeIndex, timeline, hold, isAtPresent }: Options) {
  const { hasOlder, hasNewer } = timeline;
  const widthPx = useRef(800);
  // The virtualizer measures all rows anew when this function's identity changes.
  const getItemKey = useCallback((index: number) => rows[index]!.key, [rows]);
  return useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey,
    measureElement: (row, entry, virtualizer) => measureRow(row, entry, virtualizer, hold),
    estimateSize: (index) => estimateRowPx(rows[index]!, widthPx.current),
    onChange: ({ scrollRect }) => {
      widthPx.current = scrollRect?.width ?? widthPx.current;
      // The rows have been laid out with their measured heights: before the next frame is painted.
      hold.resized();
    },
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(withOverscan(range, rows, widthPx.current));
      return activeIndex < 0 || shown.includes(activeIndex)
        ? shown
        : [...shown, activeIndex].toSorted((one, other) => one - other);
    },
    anchorTo: "end",
    // Only renders the appended rows at once; the hold is what keeps the list at its end.
    followOnAppend: isAtPresent,
    scrollEndThreshold: endThresholdPx,
    paddingStart: hasOlder ? edgePx.older : edgePx.welcome,
    paddingEnd: hasNewer ? edgePx.newer : edgePx.present,
    overscan: 8,
    directDomUpdates: true,
    directDomUpdatesMode: "position",
  });
}

/**
 * At the end of the list, a new row keeps its estimated height until the observer reports the heights of all new rows
 * together, still before they are painted. Measured one by one, each row would lay the page out once more: a second on a
 * slow phone that opens a channel. Elsewhere a jump needs the heights at once.
 */
function measureRow(
  row: Element,
  entry: ResizeObserverEntry | undefined,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  hold: EndHold,
): number {
  if (entry || !hold.isHeld) return measureElement(row, entry, virtualizer);
  const index = virtualizer.indexFromElement(row);
  return virtualizer.measurementsCache[index]?.size ?? virtualizer.options.estimateSize(index);
}

export type RowVirtualizer = ReturnType<typeof useRowVirtualizer>;

/** Rows out of sight are drawn as far as this: eight of the longest messages, made of marks, take seconds. */
const overscanPx = 2_000;

/** The range with its overscan in it: that many rows on either side, or those within a few screens. */
export function withOverscan(range: Range, rows: readonly Row[], widthPx: number): Range {
  const reach = (at: number, step: number, left = range.overscan, px = overscanPx): number => {
    const row = rows[at + step];
    return row && left > 0 && px > 0 ? reach(at + step, step, left - 1, px - estimateRowPx(row, widthPx)) : at;
  };
  return { ...range, startIndex: reach(range.startIndex, -1), endIndex: reach(range.endIndex, 1), overscan: 0 };
}

const linePx = 22;
/** Height of an empty line between two blocks. */
const gapPx = 12;
const characterPx = 7.6;

/** Estimated height of a row that was never drawn. A close estimate keeps the scrollbar steady while scrolling to it. */
function estimateRowPx(row: Row, widthPx: number): number {
  const { content, ...shown } = row.kind === "message" ? row.message : row.outgoing;
  const attachments: readonly Attachment[] = shown.attachments;
  const perLine = Math.max(20, Math.floor((widthPx - 100) / characterPx));
  const textPx = content
    ? content.split("\n").reduce((sum, line) => sum + (Math.ceil(line.length / perLine) * linePx || gapPx), 0)
    : 0;
  const reply = row.kind === "message" ? row.message.reply_to : row.outgoing.replyTo;
  return (
    4 +
    textPx +
    (row.startsGroup ? 40 : 0) +
    (row.startsDay || (row.kind === "message" && row.line) ? 36 : 0) +
    (reply ? 24 : 0) +
    (row.kind === "message" && row.message.reactions.length > 0 ? 34 : 0) +
    attachmentsHeight(attachments)
  );
}
