import type { Attachment, Sticker } from "@miscord/protocol";
import { client } from "../../core/client.ts";
import { changeDraft, draftOf } from "./drafts.ts";

/** Sends a sticker, as an answer if the draft is one. The rest of the draft stays. Throws `ApiError` when the outbox is full. */
export function sendSticker(channelId: number, { id, name, animated }: Sticker): void {
  const { replyTo } = draftOf(channelId);
  client.sendMessage(channelId, { content: `:${name}:`, sticker: { id, name, animated }, replyTo });
  changeDraft(channelId, { replyTo: null });
}

/** The same of a GIF that was uploaded for it. */
export function sendGif(channelId: number, gif: Attachment): void {
  const { replyTo } = draftOf(channelId);
  client.sendMessage(channelId, { content: "", attachments: [gif], replyTo });
  changeDraft(channelId, { replyTo: null });
}
