import { MessageRow } from "./message-row.tsx";
import { OutgoingRow } from "./outgoing-row.tsx";
import type { Row } from "./rows.ts";

interface TimelineRowProps {
  row: Row;
  isActive: boolean;
  /** Id of the highlighted message. */
  highlighted: number | null;
  editedId: number | null;
}

/** Row objects are rebuilt with every message, so the memoised rows get their fields as separate props. */
export function TimelineRow({ row, isActive, highlighted, editedId }: TimelineRowProps) {
  const { startsGroup, startsDay } = row;
  const shared = { startsGroup, startsDay, isActive };
  if (row.kind === "outgoing") return <OutgoingRow outgoing={row.outgoing} {...shared} />;
  return (
    <MessageRow
      message={row.message}
      line={row.line}
      isHighlighted={row.message.id === highlighted}
      isEditing={row.message.id === editedId}
      {...shared}
    />
  );
}
