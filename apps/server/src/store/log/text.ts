import { createHash } from "node:crypto";
import type { SendCommand } from "../contract.ts";

/**
 * What every database gives back as it got it: half a surrogate pair cannot be stored as UTF-8, and PostgreSQL
 * takes no zero characters. Without this an event would differ from a later fetch.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Tells a repetition of a send from another message under the same nonce. */
export function fingerprint({ channelId, content, replyToId, attachmentIds }: SendCommand): string {
  const sent = JSON.stringify([channelId, content, replyToId, attachmentIds]);
  return createHash("sha256").update(sent).digest("base64url").slice(0, 22);
}
