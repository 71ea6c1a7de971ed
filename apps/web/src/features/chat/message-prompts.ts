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

/** Opens the dialog after the current event, when the menu has returned the focus. */
export function askToDelete(message: Message): void {
  setTimeout(() => useMessagePrompts.setState({ deleting: message }));
}

export function endDeleting(): void {
  useMessagePrompts.setState({ deleting: null });
}

/**
 * Opens the picker two tasks later, when the menu has returned the focus: the picker closes when it loses the focus.
 */
export function openReactions(messageId: number): void {
  setTimeout(() => setTimeout(() => useMessagePrompts.setState({ reactingTo: messageId })));
}

export function closeReactions(): void {
  useMessagePrompts.setState({ reactingTo: null });
}
