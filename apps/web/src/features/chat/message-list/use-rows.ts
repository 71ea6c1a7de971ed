import type { Timeline } from "@miscord/client";
import { useMemo } from "react";
import { useChat } from "../chat-context.ts";
import { buildRows, type Row } from "../rows.ts";
import { isAbove, type Seen, useNewLine } from "../use-new-line.ts";

interface Rows {
  rows: readonly Row[];
  /** Messages after this position are new, whether or not the first of them is among the rows. */
  newAfterSeq: number | null;
}

export function useRows(timeline: Timeline, seen: Seen): Rows {
  const { channelId, meId } = useChat();
  const line = useNewLine(channelId, seen);
  const { messages, outbox, hasOlder } = timeline;
  const rows = useMemo(() => {
    const loaded = { messages, hasOlder };
    const newAfterSeq = isAbove(loaded, line.afterSeq) ? null : line.afterSeq;
    const leftAfterSeqs = line.left.filter((seq) => !isAbove(loaded, seq));
    return buildRows({ messages, outbox, meId, newAfterSeq, leftAfterSeqs });
  }, [messages, hasOlder, outbox, meId, line]);
  return { rows, newAfterSeq: line.afterSeq };
}
