import type { Message } from "@miscord/protocol";
import type { Actor, DomainContext } from "../context.ts";
import { parseMentions } from "./mentions.ts";
import { requireCommitted } from "./require-committed.ts";
import { requireLength } from "./send-message.ts";

/** For the author. Resolves once the edit is durable, with the message as it then stands. */
export async function editMessage(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  { messageId, content }: { messageId: number; content: string },
): Promise<Message> {
  rates.changes.spend(userId);
  requireLength(content);
  const outcome = await store.log.commit({
    kind: "edit",
    actorId: userId,
    messageId,
    content,
    ...parseMentions(content),
    at: clock.now(),
  });
  return requireCommitted(outcome).message!;
}
