import { limits } from "@miscord/protocol";
import { useMessagePrompts } from "../message-prompts.ts";

/** The message that was chosen last: the other end of a range. */
let anchor: number | null = null;

/** Chooses the message or takes it back. With `range`, the messages of the channel in order: all from the one chosen last. */
export function toggleMessage(messageId: number, range: readonly number[] | null): void {
  const { selection } = useMessagePrompts.getState();
  if (!selection) return;
  const ids = new Set(selection.ids);
  const [from, to] = [range?.indexOf(anchor ?? -1) ?? -1, range?.indexOf(messageId) ?? -1];
  if (range && from >= 0 && to >= 0) {
    for (const id of range.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(id);
  } else if (!ids.delete(messageId)) ids.add(messageId);
  anchor = messageId;
  // More cannot be deleted at once.
  if (ids.size <= limits.bulkDelete) useMessagePrompts.setState({ selection: { ...selection, ids } });
}

export function endSelecting(): void {
  anchor = null;
  useMessagePrompts.setState({ selection: null });
}
