import { createHash } from "node:crypto";
import type { SendCommand } from "../contract.ts";

/**
 * Replaces characters that a database would refuse or change: lone surrogates cannot be stored as UTF-8, and PostgreSQL
 * refuses NUL. Without this, an event could differ from a later fetch.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Digest of a send's content: equal for a repeat, different for another message with the same nonce. */
export function fingerprint({ channelId, content, replyToId, attachmentIds }: SendCommand): string {
  const sent = JSON.stringify([channelId, content, replyToId, attachmentIds]);
  return createHash("sha256").update(sent).digest("base64url").slice(0, 22);
}
