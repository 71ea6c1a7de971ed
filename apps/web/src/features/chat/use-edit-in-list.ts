import { useEffect, useRef } from "react";
import { insertIntoComposer } from "../composer/composer-bridge.ts";
import { stopEditing, useEditing } from "../composer/editing.ts";
import { indexOfMessage, type Row } from "./rows.ts";

interface Options {
  channelId: number;
  rows: readonly Row[];
  scrollTo: (index: number) => void;
  focusRow: (index: number) => void;
}

/** The message of this channel that is being edited. It comes into view; afterwards the focus goes back to where it was. */
export function useEditInList({ channelId, rows, scrollTo, focusRow }: Options): number | null {
  const editedId = useEditing(({ edit }) => (edit?.channelId === channelId ? edit.messageId : null));
  const fromComposer = useEditing(({ edit }) => edit?.fromComposer ?? false);
  const last = useRef<{ id: number; fromComposer: boolean } | null>(null);
  useEffect(() => {
    if (editedId !== null) {
      scrollTo(indexOfMessage(rows, editedId));
      last.current = { id: editedId, fromComposer };
    } else if (last.current) {
      const index = indexOfMessage(rows, last.current.id);
      if (last.current.fromComposer) insertIntoComposer("");
      else if (index >= 0) focusRow(index);
      last.current = null;
    }
    // oxlint-disable-next-line react/exhaustive-deps -- when an edit begins or ends
  }, [editedId]);
  useEffect(() => stopEditing, [channelId]);
  return editedId;
}
