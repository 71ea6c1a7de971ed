import type { MiscordClient } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { withRoleMarks } from "../../core/role-mentions.ts";
import { changeDraft, draftOf, emptyDraft, isEmpty } from "./drafts.ts";
import { releasePreview } from "./upload.ts";

/**
 * Hands the draft to the outbox, which sends it once there is a connection. If files are still uploading, the draft is
 * marked to be sent when they are done. A draft that cannot be sent stays unchanged. Throws `ApiError` when the outbox
 * is full.
 */
export function sendDraft(client: MiscordClient, channelId: number): void {
  const { text, replyTo, uploads } = draftOf(channelId);
  const content = text.trim();
  if (isEmpty(draftOf(channelId)) || content.length > limits.messageLength) return;
  const isWaiting = uploads.some(({ status }) => status === "uploading");
  const hasFailed = uploads.some(({ status }) => status === "failed");
  if (isWaiting || hasFailed) return changeDraft(channelId, { isWaiting });
  const attachments = uploads.flatMap(({ attachment }) => attachment ?? []);
  client.sendMessage(channelId, { content: withRoleMarks(channelId, content), attachments, replyTo });
  changeDraft(channelId, emptyDraft);
  for (const upload of uploads) releasePreview(upload);
}
