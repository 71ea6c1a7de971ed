import { limits } from "./limits.ts";
import type { Message, ReplyPreview } from "./model.ts";

/** The beginning of a message's text. Both sides cut here, and never inside a character. */
export function previewText(content: string): string {
  if (content.length <= limits.replyPreviewLength) return content;
  const cut = content.slice(0, limits.replyPreviewLength);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** What replies show of the message as it now stands: an edit or a deletion changes them all. */
export function replyPreviewOf(message: Message): ReplyPreview {
  const { id, is_deleted, author } = message;
  return { id, content: is_deleted ? "" : previewText(message.content), is_deleted, author };
}
