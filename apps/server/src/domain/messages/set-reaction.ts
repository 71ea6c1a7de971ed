import type { Actor, DomainContext } from "../context.ts";
import { requireCommitted } from "./require-committed.ts";

export interface ReactionInput {
  messageId: number;
  /** One emoji; the boundary has checked that it is. */
  emoji: string;
  on: boolean;
}

/** For members. Resolves once durable; a reaction that already is as asked changes nothing and is no fault. */
export async function setReaction(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  input: ReactionInput,
): Promise<void> {
  rates.changes.spend(userId);
  requireCommitted(await store.log.commit({ kind: "react", actorId: userId, ...input, at: clock.now() }));
}
