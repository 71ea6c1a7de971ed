import { lowerReadState } from "../../store/queries/read-states.ts";
import { visibleMessage } from "./visible-message.ts";
import type { Actor, DomainContext } from "../context.ts";

/**
 * Makes the message, and what follows it, unread again for the actor, on all of their devices. Throws `not_found` or
 * `rate_limited`.
 */
export async function markUnread(
  context: Pick<DomainContext, "store" | "clock" | "rates" | "unread">,
  actor: Actor,
  messageId: number,
): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  const { channel_id: channelId, seq } = await visibleMessage(context, actor, messageId);
  await lowerReadState(context.store.db, { userId: actor.userId, channelId, seq: seq - 1 });
  await context.unread.announce(channelId, [actor.userId]);
}
