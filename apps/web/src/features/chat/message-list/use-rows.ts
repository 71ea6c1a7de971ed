import type { Timeline } from "@miscord/client";
import { useMemo, useState } from "react";
import { useClientState } from "../../../core/client.ts";
import { useChat } from "../chat-context.ts";
import { buildRows, initialNewLine, type NewLine, nextNewLine, type ReadingState, type Row } from "../rows.ts";

type Seen = Pick<ReadingState, "isWatching" | "isAtPresent">;

interface Rows {
  rows: readonly Row[];
  /**
   * Position of the last message before the new ones, whether or not the first new message is loaded; null for none.
   */
  newAfterSeq: number | null;
}

export function useRows(timeline: Timeline, seen: Seen): Rows {
  const { channelId, meId } = useChat();
  const line = useNewLine(channelId, seen);
  const { messages, outbox, hasOlder } = timeline;
  const rows = useMemo(() => {
    const loaded = { messages, hasOlder };
    const newAfterSeq = isAboveLoaded(loaded, line.afterSeq) ? null : line.afterSeq;
    const leftAfterSeqs = line.left.filter((seq) => !isAboveLoaded(loaded, seq));
    return buildRows({ messages, outbox, meId, newAfterSeq, leftAfterSeqs });
  }, [messages, hasOlder, outbox, meId, line]);
  return { rows, newAfterSeq: line.afterSeq };
}

/** The separator's present and former positions since the channel was opened. */
function useNewLine(channelId: number, seen: Seen): NewLine {
  const readSeq = useClientState((state) => state.channels[channelId]?.read_seq ?? 0);
  const lastSeq = useClientState((state) => state.channels[channelId]?.last_message_seq ?? 0);
  const [line, setLine] = useState(() => initialNewLine({ readSeq, lastSeq }));
  const moved = nextNewLine(line, { readSeq, lastSeq, ...seen });
  if (moved !== line) setLine(moved);
  return moved;
}

/** Whether the first message after `afterSeq` is above the loaded ones, so that a separator would stand at the wrong message. */
export function isAboveLoaded(
  { messages, hasOlder }: Pick<Timeline, "messages" | "hasOlder">,
  afterSeq: number | null,
): boolean {
  return afterSeq !== null && hasOlder && (messages[0]?.seq ?? 0) > afterSeq;
}
