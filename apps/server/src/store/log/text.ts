import { createHash } from "node:crypto";
import type { FromWebhook, SendCommand } from "../contract.ts";
import type { WebhookParts } from "../present-message.ts";

/**
 * Replaces characters that a database would refuse or change: lone surrogates cannot be stored as UTF-8, and PostgreSQL
 * refuses NUL. Without this, an event could differ from a later fetch.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

/** The column `messages.webhook`. JSON escapes lone surrogates, and NUL. */
export function webhookColumn({ name, embeds }: Pick<FromWebhook, "name" | "embeds">): string {
  const parts: WebhookParts = { name, ...(embeds.length > 0 && { embeds }) };
  return JSON.stringify(parts, (_key, value: unknown) => (typeof value === "string" ? storable(value) : value));
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Digest of a send's content: equal for a repeat, different for another message with the same nonce. */
export function fingerprint({ channelId, content, replyToId, attachmentIds }: SendCommand): string {
  const sent = JSON.stringify([channelId, content, replyToId, attachmentIds]);
  return createHash("sha256").update(sent).digest("base64url").slice(0, 22);
}
