import { createHash } from "node:crypto";
import { withEmojiNames } from "@miscord/text";
import type { FromWebhook, SendCommand } from "../contract.ts";
import type { WebhookParts } from "../present-message.ts";
import { storable } from "../storable.ts";

/** The column `messages.webhook`. JSON escapes lone surrogates, and NUL. */
export function webhookColumn({ name, picture, embeds }: Pick<FromWebhook, "name" | "picture" | "embeds">): string {
  const parts: WebhookParts = { name, ...(picture && { picture }), ...(embeds.length > 0 && { embeds }) };
  return storableJson(parts);
}

export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "string" ? storable(part) : part));
}

/** Digest of a send's content: equal for a repeat, different for another message with the same nonce. */
export function fingerprint({
  channelId,
  replyToId,
  attachmentIds,
  poll,
  forwarded,
  sticker,
  ...sent
}: SendCommand): string {
  // Of a server's emoji that is deleted between two attempts only the name is left in the second one.
  const content = withEmojiNames(sent.content);
  // The files of a forwarded message are copied anew for each attempt.
  if (forwarded) return digestOf([channelId, content, forwarded.sourceId]);
  // It may be renamed or deleted between two attempts.
  if (sticker) return digestOf([channelId, "sticker", sticker.id, replyToId]);
  return digestOf([channelId, content, replyToId, attachmentIds, ...(poll ? [poll] : [])]);
}

function digestOf(parts: readonly unknown[]): string {
  const sent = JSON.stringify(parts);
  return createHash("sha256").update(sent).digest("base64url").slice(0, 22);
}
