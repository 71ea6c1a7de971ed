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

export function openReactions(messageId: number | null): void {
  setTimeout(() => useMessagePrompts.setState({ reactingTo: messageId }));
}
