import type { Actor, DomainContext } from "../context.ts";
import { requireCommitted } from "./require-committed.ts";

/**
 * Deletes a message, for its author, the server's owner and administrators. Resolves once the deletion is durable. Throws
 * `not_found`, `forbidden` or `rate_limited`.
 */
export async function deleteMessage(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  { messageId }: { messageId: number },
): Promise<void> {
  rates.changes.spend(userId);
  requireCommitted(await store.log.commit({ kind: "delete", actorId: userId, messageId, at: clock.now() }));
}
