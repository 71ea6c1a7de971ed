import type { Timeline } from "@miscord/client";
import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { useClient, useMe } from "../../../core/client.ts";

/** A list scrolled to within this distance of its end counts as at the end. */
export const endThresholdPx = 60;

interface AtEnd {
  isAtEnd: boolean;
  /** To be called when the list was scrolled. */
  measure: () => void;
}

/**
 * Whether the list is scrolled to its end. When the list shrinks at the end, because the composer grew or an on-screen
 * keyboard opened, `scrollToEnd` is called so that the end stays visible.
 */
export function useAtEnd(scroller: RefObject<HTMLElement | null>, scrollToEnd: () => void): AtEnd {
  const [isAtEnd, setAtEnd] = useState(true);
  const measure = useCallback(() => {
    const box = scroller.current;
    if (box) setAtEnd(box.scrollHeight - box.clientHeight - box.scrollTop <= endThresholdPx);
  }, [scroller]);
  const stay = useEffectEvent(() => isAtEnd && scrollToEnd());
  useEffect(() => {
    const observer = new ResizeObserver(() => stay());
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [scroller]);
  return { isAtEnd, measure };
}

/** Number of messages of other users since the reader scrolled away from the newest message. */
export function useArrivedCount(channelId: number, isAtPresent: boolean): number {
  const client = useClient();
  const { id: meId } = useMe();
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (isAtPresent) return undefined;
    const stop = client.on("message", (message) => {
      if (message.channel_id === channelId && message.author.id !== meId) setCount((arrived) => arrived + 1);
    });
    return () => {
      stop();
      setCount(0);
    };
  }, [client, channelId, meId, isAtPresent]);
  return count;
}

/** Calls `jumpToPresent` when the user sends a message, so that the author sees it from any scroll position. */
export function useJumpOnSend({ outbox }: Timeline, jumpToPresent: () => void): void {
  const latest = outbox.at(-1)?.createdAt ?? 0;
  const seen = useRef(latest);
  useEffect(() => {
    if (latest <= seen.current) return;
    seen.current = latest;
    jumpToPresent();
  }, [latest, jumpToPresent]);
}
