import type { Message } from "@miscord/protocol";
import { create } from "zustand";

interface Prompts {
  /** The message in the dialog that asks whether to delete it. */
  deleting: Message | null;
  /** Id of the message whose reaction picker is open. */
  reactingTo: number | null;
  /** Messages chosen for deletion, and their channel; null when none are being chosen. */
  selection: Selection | null;
}

interface Selection {
  channelId: number;
  ids: ReadonlySet<number>;
}

/**
 * Dialogs and pickers of a single message. Kept outside its row, which may be unmounted by scrolling, and opened from
 * the list too.
 */
export const useMessagePrompts = create<Prompts>(() => ({ deleting: null, reactingTo: null, selection: null }));

export function askToDelete(message: Message): void {
  useMessagePrompts.setState({ deleting: message });
}

/** Begins to choose messages of a channel, with this one. */
export function startSelecting({ id, channel_id: channelId }: Message): void {
  useMessagePrompts.setState({ selection: { channelId, ids: new Set([id]) } });
}

export function endDeleting(): void {
  useMessagePrompts.setState({ deleting: null });
}

export function openReactions(messageId: number): void {
  useMessagePrompts.setState({ reactingTo: messageId });
}

export function closeReactions(): void {
  useMessagePrompts.setState({ reactingTo: null });
}
