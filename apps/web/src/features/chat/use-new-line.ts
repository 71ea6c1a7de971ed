import type { Timeline } from "@miscord/client";
import { useState } from "react";
import { useClientState } from "../../core/client.ts";
import { movedLine, type NewLine, openedAt, type Reading } from "./new-line.ts";

export type Seen = Pick<Reading, "isWatching" | "isAtPresent">;

/** Where the line stands and stood, from when the channel was opened on. */
export function useNewLine(channelId: number, seen: Seen): NewLine {
  const readSeq = useClientState((state) => state.channels[channelId]?.read_seq ?? 0);
  const lastSeq = useClientState((state) => state.channels[channelId]?.last_message_seq ?? 0);
  const [line, setLine] = useState(() => openedAt({ readSeq, lastSeq }));
  const moved = movedLine(line, { readSeq, lastSeq, ...seen });
  if (moved !== line) setLine(moved);
  return moved;
}

/** The first new message is not loaded: a line would stand above the wrong one. */
export function isAbove(
  { messages, hasOlder }: Pick<Timeline, "messages" | "hasOlder">,
  afterSeq: number | null,
): boolean {
  return afterSeq !== null && hasOlder && (messages[0]?.seq ?? 0) > afterSeq;
}
