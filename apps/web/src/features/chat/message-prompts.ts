import type { Message } from "@miscord/protocol";
import { create } from "zustand";

interface Prompts {
  /** The message in the dialog that asks whether to delete it. */
  deleting: Message | null;
  /** Id of the message whose reaction picker is open. */
  reactingTo: number | null;
}

/**
 * Dialogs and pickers of a single message. Kept outside its row, which may be unmounted by scrolling, and opened from
 * the list too.
 */
export const useMessagePrompts = create<Prompts>(() => ({ deleting: null, reactingTo: null }));

export function askToDelete(message: Message): void {
  useMessagePrompts.setState({ deleting: message });
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
