import { useLayoutEffect } from "react";
import { jumpDone, useJumps } from "./jump.ts";
import { indexOfMessage, type Row } from "./rows.ts";
import type { RowVirtualizer } from "./message-list/use-row-virtualizer.ts";

interface Options {
  channelId: number;
  rows: readonly Row[];
  virtualizer: RowVirtualizer;
  focusRow: (index: number) => void;
}

/** Goes where a link, a preview or a button leads. A list that appears shows the present. */
export function useJumpInList({ channelId, rows, virtualizer, focusRow }: Options): void {
  const jump = useJumps(({ jump }) => (jump?.channelId === channelId ? jump : null));
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);
  useLayoutEffect(() => {
    if (!jump) return;
    if (jump.to === "present") {
      virtualizer.scrollToEnd();
      return jumpDone(null);
    }
    const index = indexOfMessage(rows, jump.to);
    if (index < 0) return;
    virtualizer.scrollToIndex(index, { align: "center" });
    focusRow(index);
    jumpDone(jump.to);
  });
}
