import type { Actor, DomainContext } from "../context.ts";
import { isOwnEmoji } from "../emojis/own-emojis.ts";
import { Turns } from "../turns.ts";
import { accessAtMessage } from "./access-at-message.ts";
import { withinCrowdBudget } from "../crowd-budget.ts";
import { requireCommitted } from "./require-committed.ts";

export interface ReactionInput {
  messageId: number;
  /** One emoji, validated by the HTTP route or the gateway. */
  emoji: string;
  on: boolean;
}

/** Whether the emoji of a user's reaction is of a server in which they are not, or may not be used in the channel. */
const turns = new Turns<boolean>();

/**
 * Adds or removes the actor's reaction. Resolves once durable; a reaction that is already in the wanted state changes
 * nothing. An emoji of a server is for its members, and elsewhere for who may use it there; others may join in a reaction that is there. Throws `not_found`,
 * `forbidden`, `limit_reached` or `rate_limited`.
 */
export async function setReaction(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  { messageId, emoji, on }: ReactionInput,
): Promise<void> {
  const spent = rates.changes.spend(userId);
  // Awaiting nothing would still give up this command's turn.
  if (spent) await spent;
  const asked = on && emoji.startsWith("<");
  const placeOf = () => accessAtMessage({ store, clock }, userId, messageId);
  const lookUp = async () => asked && !(await isOwnEmoji(store, userId, emoji, placeOf));
  const isForeign = (asked || turns.isTaken(store, userId)) && (await turns.run(store, userId, lookUp));
  const command = { kind: "react", actorId: userId, messageId, emoji, on, at: clock.now() } as const;
  const commit = () => store.log.commit({ ...command, ...(isForeign && { isForeign }) });
  requireCommitted(await withinCrowdBudget({ rates }, userId, commit));
}
