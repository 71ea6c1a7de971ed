import type { Actor, DomainContext } from "../context.ts";
import { withinCrowdBudget } from "../crowd-budget.ts";
import { requireCommitted } from "../messages/require-committed.ts";

/**
 * Takes the previews off a message, for those who may delete it; they do not come back. Resolves once durable. Throws
 * `not_found`, `forbidden` or `rate_limited`.
 */
export async function removePreviews(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  messageId: number,
): Promise<void> {
  await rates.changes.spend(userId);
  const command = { kind: "remove_previews", actorId: userId, messageId, at: clock.now() } as const;
  requireCommitted(await withinCrowdBudget({ rates }, userId, () => store.log.commit(command)));
}
