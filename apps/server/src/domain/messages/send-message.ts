import { limits, type Message } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { ForwardedFields } from "../../store/contract.ts";
import type { Actor, DomainContext } from "../context.ts";
import { withinGroupBudget } from "./group-mentions.ts";
import { stickerFields, textFieldsIn } from "./mentions.ts";
import { pollFields, type PollInput } from "./poll-input.ts";
import { requireCommitted } from "./require-committed.ts";

export interface SendInput {
  channelId: number;
  content: string;
  nonce?: string | undefined;
  replyToId?: number | null | undefined;
  /** Ids of the author's uploads, or their `file_url`s. */
  attachments?: readonly (number | string)[] | undefined;
  /** The first message of a post that was created for it. */
  opensPost?: boolean;
  poll?: PollInput | undefined;
  forwarded?: ForwardedFields | undefined;
  /** The message is this sticker, whatever `content` says. */
  stickerId?: number | undefined;
}

export interface Sent {
  message: Message;
  /** True when the nonce was used before: `message` is then the first message, and no second one was created. */
  isRepeat: boolean;
  /** Members named in the text who do not see the channel. */
  unseeing: readonly number[];
}

/**
 * Sends a message. Resolves once it is durable; a `Publisher` publishes its event. A nonce that the author used before
 * resolves with the first message. Access, attachments and an empty text are checked inside the store's transaction, so
 * that they hold at the moment of the commit. Throws `not_found`, `forbidden`, `automod_blocked`, `invalid_request`,
 * `nonce_conflict` or `rate_limited`.
 */
export async function sendMessage(
  context: Pick<DomainContext, "store" | "rates" | "clock" | "automod" | "presence" | "previews">,
  { userId }: Actor,
  { channelId, content, nonce, replyToId, attachments = [], opensPost = false, poll, forwarded, stickerId }: SendInput,
): Promise<Sent> {
  const { store, rates, clock, automod } = context;
  const spent = rates.messages.spend(userId);
  // Awaiting nothing would still give up this command's turn.
  if (spent) await spent;
  const attachmentIds = attachments.map(attachmentId);
  requireLength(content);
  const read =
    stickerId === undefined
      ? textFieldsIn(context, userId, channelId, content)
      : stickerFields(context, userId, stickerId);
  const fields = read instanceof Promise ? await read : read;
  const outcome = await withinGroupBudget(context, { authorId: userId, fields, nonce }, () =>
    store.log.commit({
      kind: "send",
      authorId: userId,
      channelId,
      content,
      nonce: nonce ?? null,
      replyToId: replyToId ?? null,
      attachmentIds,
      ...(opensPost && { opensPost }),
      ...(poll && { poll: pollFields(poll) }),
      ...(forwarded && { forwarded }),
      ...fields,
      at: clock.now(),
    }),
  );
  if (outcome.automod?.length) await automod(outcome.automod, outcome.ok ? outcome.message!.id : null);
  const { message, event, unseeing } = requireCommitted(outcome);
  if (event) context.previews.look(message!);
  return { message: message!, isRepeat: event === null, unseeing };
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
