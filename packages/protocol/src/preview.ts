import { previewOf } from "@miscord/text";
import { contentWithEmbeds } from "./embed-text.ts";
import { limits } from "./limits.ts";
import type { Message, ReplyPreview } from "./model.ts";

/** The beginning of a message's text without marks and with its spoilers covered, as both sides show it. */
export function previewText(content: string): string {
  return previewOf(content, limits.replyPreviewLength);
}

/** What replies show of the message as it now stands: an edit or a deletion changes them all. */
export function replyPreviewOf(message: Message): ReplyPreview {
  const { id, is_deleted, author } = message;
  return {
    id,
    content: is_deleted ? "" : previewText(message.content || contentWithEmbeds(message)),
    is_deleted,
    author,
  };
}
