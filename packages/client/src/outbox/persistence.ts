import type { OutgoingMessage } from "../state/types.ts";

/**
 * Stores unsent messages until they are sent or discarded, also while no page is open. Sending a stored message twice is
 * harmless, since its nonce stays the same.
 */
export interface OutboxPersistence {
  /** The messages of this page, and of pages that were closed before they could send theirs. Never rejects. */
  load(userId: number): readonly OutgoingMessage[] | Promise<readonly OutgoingMessage[]>;
  /** Replaces the messages of this page. */
  save(userId: number, messages: readonly OutgoingMessage[]): void;
  /** The user has logged out: removes the messages of all pages. */
  clear(userId: number): void;
}
