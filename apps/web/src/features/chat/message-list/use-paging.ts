import type { Timeline } from "@miscord/client";
import { type RefObject, useEffect, useState } from "react";
import { useClient } from "../../../core/client.ts";

/** Loads before the reader comes to the end of what is there. */
const screensAhead = 2;

export interface Paging {
  olderFailed: boolean;
  newerFailed: boolean;
  /** To be called when the list was scrolled. */
  look: () => void;
  /** Tries what failed once more. */
  retry: () => void;
}

/** Brings the pages that continue what is on the screen. */
export function usePaging(channelId: number, timeline: Timeline, scroller: RefObject<HTMLElement | null>): Paging {
  const client = useClient();
  const [failed, setFailed] = useState({ older: false, newer: false });
  const { hasOlder, hasNewer, loadingOlder, loadingNewer } = timeline;

  function look(): void {
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

  // A page may be too short to move the end away. After the list has found its place.
  useEffect(() => {
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  });
  // With a new connection it is worth another try.
  useEffect(
    () =>
      client.store.subscribe((state, before) => {
        if (state.connection.status === "online" && before.connection.status !== "online") retry();
      }),
    [client],
  );
  return { olderFailed: failed.older, newerFailed: failed.newer, look, retry };
}
