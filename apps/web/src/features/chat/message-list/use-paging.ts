import type { Timeline } from "@miscord/client";
import { type RefObject, useEffect, useState } from "react";
import { useClient } from "../../../core/client.ts";

/** The next page is loaded when the loaded messages end within this many screen heights. */
const screensAhead = 2;

export interface Paging {
  olderFailed: boolean;
  newerFailed: boolean;
  /** Loads a page when the list is scrolled near an end. To be called after each scroll. */
  loadIfNear: () => void;
  /** Allows another attempt after a failed load. */
  retry: () => void;
}

/** Loads older and newer pages as the reader approaches the ends of the loaded messages. */
export function usePaging(channelId: number, timeline: Timeline, scroller: RefObject<HTMLElement | null>): Paging {
  const client = useClient();
  const [failed, setFailed] = useState({ older: false, newer: false });
  const { hasOlder, hasNewer, loadingOlder, loadingNewer } = timeline;

  function loadIfNear(): void {
    const box = scroller.current;
    if (!box) return;
    const reachPx = box.clientHeight * screensAhead;
    const belowPx = box.scrollHeight - box.clientHeight - box.scrollTop;
    if (hasOlder && !loadingOlder && !failed.older && box.scrollTop < reachPx)
      client.loadOlder(channelId).catch(() => setFailed((sides) => ({ ...sides, older: true })));
    if (hasNewer && !loadingNewer && !failed.newer && belowPx < reachPx)
      client.loadNewer(channelId).catch(() => setFailed((sides) => ({ ...sides, newer: true })));
  }
  const retry = () => setFailed({ older: false, newer: false });

  // A short page can leave its end on the screen. Checked in the next frame, when the list has its scroll position.
  useEffect(() => {
    const frame = requestAnimationFrame(loadIfNear);
    return () => cancelAnimationFrame(frame);
  });
  // A new connection allows another attempt.
  useEffect(
    () =>
      client.store.subscribe((state, before) => {
        if (state.connection.status === "online" && before.connection.status !== "online") retry();
      }),
    [client],
  );
  return { olderFailed: failed.older, newerFailed: failed.newer, loadIfNear, retry };
}
