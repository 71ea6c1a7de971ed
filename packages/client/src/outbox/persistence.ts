import type { OutgoingMessage } from "../state/types.ts";

/**
 * Where unsent messages wait over a reload. Keep it per tab (`sessionStorage`): two tabs that share one would forget
 * each other's messages. Sending one twice is harmless.
 */
export interface OutboxPersistence {
  load(userId: number): readonly OutgoingMessage[];
  save(userId: number, messages: readonly OutgoingMessage[]): void;
}
