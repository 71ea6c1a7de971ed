import type { Timeline } from "@miscord/client";
import { useEffect, useRef, useState } from "react";
import { useClient, useMe } from "../../../core/client.ts";

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
