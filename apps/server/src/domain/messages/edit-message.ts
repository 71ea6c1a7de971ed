import type { Message } from "@miscord/protocol";
import type { Actor, DomainContext } from "../context.ts";
import { accessAtMessage } from "./access-at-message.ts";
import { withinCrowdBudget } from "../crowd-budget.ts";
import { withinGroupBudget } from "./group-mentions.ts";
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
  const fields = read instanceof Promise ? await read : read;
  const command = { kind: "edit", actorId: userId, messageId, content, ...fields } as const;
  const outcome = await withinGroupBudget(context, { authorId: userId, fields, isEdit: true }, (limit) =>
    withinCrowdBudget(context, userId, () => store.log.commit({ ...command, ...limit, at: clock.now() })),
  );
  if (outcome.automod?.length) await automod(outcome.automod, outcome.ok ? messageId : null);
  const { message, event } = requireCommitted(outcome);
  if (event) context.previews.look(message!);
  return message!;
}
