import type { OutgoingMessage } from "../state/types.ts";

/**
 * Stores unsent messages across a reload. Use storage of one tab (`sessionStorage`): two tabs with shared storage would
 * overwrite each other's messages. Sending a stored message twice is harmless, since its nonce stays the same.
 */
export interface OutboxPersistence {
  load(userId: number): readonly OutgoingMessage[];
  save(userId: number, messages: readonly OutgoingMessage[]): void;
}
