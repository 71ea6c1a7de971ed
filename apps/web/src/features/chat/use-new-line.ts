import type { Timeline } from "@miscord/client";
import { useState } from "react";
import { useClientState } from "../../app/client.ts";
import { movedLine, openedAt } from "./new-line.ts";

/** The position after which messages are new, from when the channel was opened on. Null: none are. */
export function useNewLine(channelId: number, isWatching: boolean): number | null {
  const readSeq = useClientState((state) => state.channels[channelId]?.read_seq ?? 0);
  const lastSeq = useClientState((state) => state.channels[channelId]?.last_message_seq ?? 0);
  const [line, setLine] = useState(() => openedAt({ readSeq, lastSeq }));
  const moved = movedLine(line, { readSeq, lastSeq, isWatching });
  if (moved !== line) setLine(moved);
  return moved.afterSeq;
}

/** The first new message is not loaded: a line would stand above the wrong one. */
export function isAbove({ messages, hasOlder }: Timeline, afterSeq: number | null): boolean {
  return afterSeq !== null && hasOlder && (messages[0]?.seq ?? 0) > afterSeq;
}
