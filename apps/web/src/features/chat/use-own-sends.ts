import type { Timeline } from "@miscord/client";
import { useEffect, useRef } from "react";

/** Whoever says something wants to see it, wherever in the past they were reading. */
export function useOwnSends({ outbox }: Timeline, toPresent: () => void): void {
  const latest = outbox.at(-1)?.createdAt ?? 0;
  const seen = useRef(latest);
  useEffect(() => {
    if (latest <= seen.current) return;
    seen.current = latest;
    toPresent();
  }, [latest, toPresent]);
}
