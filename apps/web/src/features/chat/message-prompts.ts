import type { Message } from "@miscord/protocol";
import { create } from "zustand";

interface Prompts {
  /** Asked about: really delete it? */
  deleting: Message | null;
  /** The message whose picker of reactions is open. */
  reactingTo: number | null;
}

/** What is open about one message. Here rather than in its row, which may scroll away, and may be asked by the list. */
export const useMessagePrompts = create<Prompts>(() => ({ deleting: null, reactingTo: null }));

/** After the current event: a menu that led here gives its focus back first. */
export function askToDelete(message: Message): void {
  setTimeout(() => useMessagePrompts.setState({ deleting: message }));
}

export function endDeleting(): void {
  useMessagePrompts.setState({ deleting: null });
}

/** After a menu that led here has given its focus back, which takes a task more: the picker closes when the focus leaves it. */
export function openReactions(messageId: number): void {
  setTimeout(() => setTimeout(() => useMessagePrompts.setState({ reactingTo: messageId })));
}

export function closeReactions(): void {
  useMessagePrompts.setState({ reactingTo: null });
}
