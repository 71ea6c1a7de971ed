import type { Message } from "@miscord/protocol";
import type { Actor, DomainContext } from "../context.ts";
import { mentionFields } from "./mentions.ts";
import { accepted } from "./require-committed.ts";
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
    ...mentionFields(content),
    at: clock.now(),
  });
  return accepted(outcome).message!;
}
