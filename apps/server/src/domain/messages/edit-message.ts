import type { Message } from "@miscord/protocol";
import type { Actor, DomainContext } from "../context.ts";
import { accessAtMessage } from "./access-at-message.ts";
import { textFields } from "./mentions.ts";
import { requireCommitted } from "./require-committed.ts";
import { requireLength } from "./send-message.ts";

/**
 * Replaces the text of a message, for its author. Resolves with the edited message once the edit is durable. Throws
 * `not_found`, `forbidden`, `automod_blocked`, `invalid_request` (too long or empty) or `rate_limited`.
 */
export async function editMessage(
  context: Pick<DomainContext, "store" | "rates" | "clock" | "automod" | "presence" | "previews">,
  { userId }: Actor,
  { messageId, content }: { messageId: number; content: string },
): Promise<Message> {
  const { store, rates, clock, automod } = context;
  const spent = rates.changes.spend(userId);
  // Awaiting nothing would still give up this command's turn.
  if (spent) await spent;
  requireLength(content);
  const read = textFields(content, context, userId, () => accessAtMessage(context, userId, messageId));
  const outcome = await store.log.commit({
    kind: "edit",
    actorId: userId,
    messageId,
    content,
    ...(read instanceof Promise ? await read : read),
    at: clock.now(),
  });
  if (outcome.automod?.length) await automod(outcome.automod, outcome.ok ? messageId : null);
  const { message, event } = requireCommitted(outcome);
  if (event) context.previews.look(message!);
  return message!;
}
