import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Timeline } from "@miscord/client";
import { estimateRowPx } from "../estimate-row.ts";
import { edgePx } from "./list-edges.tsx";
import type { Row } from "../rows.ts";
import { endThresholdPx } from "./scroll-position.ts";

interface Options {
  rows: readonly Row[];
  scroller: RefObject<HTMLDivElement | null>;
  /** Stays mounted wherever one scrolls, so that the focus has a place. */
  activeIndex: number;
  timeline: Timeline;
}

/** Keeps what is read in its place while rows above come, grow or go; at the present it follows what arrives. */
export function useRowVirtualizer({ rows, scroller, activeIndex, timeline }: Options) {
  const { hasOlder, hasNewer } = timeline;
  const widthPx = useRef(800);
  // The page that completes a stretch up to the present is not something that has just arrived.
  const [wasAtPresent, setWasAtPresent] = useState(!hasNewer);
  useEffect(() => setWasAtPresent(!hasNewer), [hasNewer]);
  // With another identity all rows would be laid out anew.
  const getItemKey = useCallback((index: number) => rows[index]!.key, [rows]);
  return useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey,
    estimateSize: (index) => estimateRowPx(rows[index]!, widthPx.current),
    onChange: ({ scrollRect }) => {
      widthPx.current = scrollRect?.width ?? widthPx.current;
    },
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return activeIndex < 0 || shown.includes(activeIndex)
        ? shown
        : [...shown, activeIndex].toSorted((one, other) => one - other);
    },
    anchorTo: "end",
    followOnAppend: wasAtPresent && !hasNewer,
    scrollEndThreshold: endThresholdPx,
    paddingStart: hasOlder ? edgePx.older : edgePx.welcome,
    paddingEnd: hasNewer ? edgePx.newer : edgePx.present,
    overscan: 8,
    directDomUpdates: true,
    directDomUpdatesMode: "position",
  });
}

export type RowVirtualizer = ReturnType<typeof useRowVirtualizer>;
