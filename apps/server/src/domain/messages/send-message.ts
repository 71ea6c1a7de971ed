import { limits, type Message } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { Actor, DomainContext } from "../context.ts";
import { parseMentions } from "./mentions.ts";
import { accepted } from "./require-committed.ts";

export interface SendInput {
  channelId: number;
  content: string;
  nonce?: string | undefined;
  replyToId?: number | null | undefined;
  /** Ids of own uploads, or their `file_url`s. */
  attachments?: readonly (number | string)[] | undefined;
}

export interface Sent {
  message: Message;
  /** Its nonce was sent before: this is the first message, and no other was made. */
  isRepeat: boolean;
}

/**
 * Resolves once the message is durable; the event reaches others by way of `publishCommitted`. A nonce that was
 * sent before answers with the first message. Membership, authorship and
 * that there is something to send are checked inside the store's transaction.
 */
export async function sendMessage(
  { store, rates, clock }: Pick<DomainContext, "store" | "rates" | "clock">,
  { userId }: Actor,
  { channelId, content, nonce, replyToId, attachments = [] }: SendInput,
): Promise<Sent> {
  rates.messages.spend(userId);
  const attachmentIds = attachments.map(attachmentId);
  requireLength(content);
  const { message, event } = accepted(
    await store.log.commit({
      kind: "send",
      authorId: userId,
      channelId,
      content,
      nonce: nonce ?? null,
      replyToId: replyToId ?? null,
      attachmentIds,
      ...parseMentions(content),
      at: clock.now(),
    }),
  );
  return { message: message!, isRepeat: event === null };
}

export function requireLength(content: string): void {
  if (content.length > limits.messageLength) {
    throw new AppError("invalid_request", `A message has at most ${limits.messageLength} characters.`);
  }
}

function attachmentId(ref: number | string): number {
  const id = typeof ref === "number" ? ref : Number(/\/api\/attachments\/(\d{1,15})(?:[/?]|$)/.exec(ref)?.[1]);
  if (!Number.isSafeInteger(id))
    throw new AppError("invalid_request", "An attachment is the id or file_url of an upload.");
  return id;
}
