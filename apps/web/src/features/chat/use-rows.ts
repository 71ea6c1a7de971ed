import type { Timeline } from "@miscord/client";
import { useMemo } from "react";
import { useChat } from "./chat-context.ts";
import { buildRows, type Row } from "./rows.ts";
import { isAbove, useNewLine } from "./use-new-line.ts";

interface Rows {
  rows: readonly Row[];
  /** Messages after this position are new, whether or not the first of them is among the rows. */
  newAfterSeq: number | null;
}

export function useRows(timeline: Timeline, isWatching: boolean): Rows {
  const { channelId, meId } = useChat();
  const newAfterSeq = useNewLine(channelId, isWatching);
  const lineAfterSeq = isAbove(timeline, newAfterSeq) ? null : newAfterSeq;
  const { messages, outbox } = timeline;
  const rows = useMemo(
    () => buildRows({ messages, outbox, meId, newAfterSeq: lineAfterSeq }),
    [messages, outbox, meId, lineAfterSeq],
  );
  return { rows, newAfterSeq };
}
