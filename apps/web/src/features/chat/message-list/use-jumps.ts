import type { Timeline } from "@miscord/client";
import { useEffect, useState } from "react";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useChat } from "../chat-context.ts";
import { jumpWithin } from "../jump.ts";
import type { Row } from "../rows.ts";
import { isAbove } from "../use-new-line.ts";
import type { RowVirtualizer } from "./use-row-virtualizer.ts";

interface Options {
  timeline: Timeline;
  rows: readonly Row[];
  newAfterSeq: number | null;
  virtualizer: RowVirtualizer;
}

/** The way up to the first new message, until it has been on the screen. */
export function useFirstNew({ timeline, rows, newAfterSeq, virtualizer }: Options): { go: () => void } | null {
  const client = useClient();
  const { channelId, meId } = useChat();
  const { run } = useAction();
  const [seenLine, setSeenLine] = useState<number | null>(null);
  const index = rows.findIndex((row) => row.kind === "message" && row.line === "new");
  const isUnloaded = isAbove(timeline, newAfterSeq);
  useEffect(() => {
    if (index < 0) return undefined;
    // By then the list has scrolled to its place.
    const frame = requestAnimationFrame(() => {
      const range = virtualizer.range;
      if (range && range.startIndex <= index && index <= range.endIndex) setSeenLine(newAfterSeq);
    });
    return () => cancelAnimationFrame(frame);
  });
  // What has come below is where the button to the present leads.
  const isAhead = isUnloaded || (index >= 0 && index <= (virtualizer.range?.endIndex ?? index));
  if (newAfterSeq === null || seenLine === newAfterSeq || !isAhead) return null;

  async function go(afterSeq: number): Promise<void> {
    const present = () => client.store.getState().timelines[channelId];
    for (let shown = present(); shown && isAbove(shown, afterSeq); shown = present()) {
      // oxlint-disable-next-line no-await-in-loop -- each page continues the one before
      await client.loadOlder(channelId);
      if (present()?.messages[0] === shown.messages[0]) break;
    }
    const first = present()?.messages.find(({ seq, author }) => seq > afterSeq && author.id !== meId);
    if (first) jumpWithin(channelId, first.id);
  }
  return { go: () => void run(() => go(newAfterSeq)) };
}
