import type { Pins } from "@miscord/protocol";
import { pinnedMessages } from "../../store/queries/messages.ts";
import { contentAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { withinCrowdBudget } from "../crowd-budget.ts";
import { requireCommitted } from "./require-committed.ts";

/** The channel's pinned messages, the latest pin first, for users who see the channel. Throws `not_found`, or `invalid_request` for a category. */
export async function listPins(
  context: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  channelId: number,
): Promise<Pins> {
  await contentAccess(context, actor, channelId);
  return pinnedMessages(context.store.db, channelId);
}

/**
 * Pins a message of the channel, or takes the pin away. Resolves once durable; a message that is pinned already, or not,
 * stays so. Throws `not_found`, `forbidden`, `limit_reached` or `rate_limited`.
 */
export async function setPin(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  input: { channelId: number; messageId: number; on: boolean },
): Promise<void> {
  await rates.changes.spend(userId);
  const commit = () => store.log.commit({ kind: "pin", actorId: userId, ...input, at: clock.now() });
  requireCommitted(await withinCrowdBudget({ rates }, userId, commit));
}
