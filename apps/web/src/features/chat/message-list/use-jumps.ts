import type { Timeline } from "@miscord/client";
import { useEffect, useLayoutEffect, useState } from "react";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useChat } from "../chat-context.ts";
import { jumpDone, jumpWithin, useJumps } from "../jump.ts";
import { indexOfMessage, type Row } from "../rows.ts";
import type { EndHold } from "./end-hold.ts";
import type { RowVirtualizer } from "./use-row-virtualizer.ts";
import { isAboveLoaded } from "./use-rows.ts";

interface FirstNewOptions {
  timeline: Timeline;
  rows: readonly Row[];
  newAfterSeq: number | null;
  virtualizer: RowVirtualizer;
}

/** The jump to the first new message; null once that message has been on the screen or when there is none above. */
export function useFirstNew({ timeline, rows, newAfterSeq, virtualizer }: FirstNewOptions): { go: () => void } | null {
  const client = useClient();
  const { channelId } = useChat();
  const { run } = useAction();
  const [seenLine, setSeenLine] = useState<number | null>(null);
  const index = rows.findIndex((row) => row.kind === "message" && row.line === "new");
  const isUnloaded = isAboveLoaded(timeline, newAfterSeq);
  useEffect(() => {
    if (index < 0) return undefined;
    // The virtualizer's range is right only after the list has scrolled to its initial position.
    const frame = requestAnimationFrame(() => {
      const range = virtualizer.range;
      if (range && range.startIndex <= index && index <= range.endIndex) setSeenLine(newAfterSeq);
    });
    return () => cancelAnimationFrame(frame);
  });
  // New messages below the screen are covered by the button to the present.
  const isAhead = isUnloaded || (index >= 0 && index <= (virtualizer.range?.endIndex ?? index));
  if (newAfterSeq === null || seenLine === newAfterSeq || !isAhead) return null;

  async function go(afterSeq: number): Promise<void> {
    const first = await client.jumpToFirstAfter(channelId, afterSeq);
    if (first) jumpWithin(channelId, first.id);
  }
  return { go: () => void run(() => go(newAfterSeq)) };
}

interface JumpOptions {
  channelId: number;
  rows: readonly Row[];
  virtualizer: RowVirtualizer;
  hold: EndHold;
  focusRow: (index: number) => void;
}

/** Scrolls to the requested message or to the present. A list that has just been mounted starts at the present. */
export function useJumpInList({ channelId, rows, virtualizer, hold, focusRow }: JumpOptions): void {
  const jump = useJumps(({ jumps }) => jumps[channelId]);
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);
  useLayoutEffect(() => {
    if (!jump) return;
    if (jump.to === "present") {
      virtualizer.scrollToEnd();
      hold.pin();
      return jumpDone(channelId, null);
    }
    const index = indexOfMessage(rows, jump.to);
    if (index < 0) return;
    hold.jump(() => virtualizer.scrollToIndex(index, { align: "center" }));
    focusRow(index);
    jumpDone(channelId, jump.to);
  });
}
