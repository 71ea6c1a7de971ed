import { limits } from "./limits.ts";
import type { Message, ReplyPreview } from "./model.ts";

/**
 * The beginning of a message's text, cut at `limits.replyPreviewLength` and never inside a surrogate pair. Server and
 * client cut alike.
 */
export function previewText(content: string): string {
  if (content.length <= limits.replyPreviewLength) return content;
  const cut = content.slice(0, limits.replyPreviewLength);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** The preview that replies to this message show; empty once the message is deleted. */
export function replyPreviewOf(message: Message): ReplyPreview {
  const { id, is_deleted, author } = message;
  return { id, content: is_deleted ? "" : previewText(message.content), is_deleted, author };
}
