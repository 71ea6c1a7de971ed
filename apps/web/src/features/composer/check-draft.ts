import { ApiError, type MiscordClient } from "@miscord/client";
import { changeDraft, draftOf } from "./drafts.ts";
import { expireUpload } from "./uploads.ts";

/** Takes out of a draft what is gone: files that the server has deleted, and a deleted message that it answers. */
export async function checkDraft(client: MiscordClient, channelId: number): Promise<void> {
  for (const { id, file, attachment } of draftOf(channelId).uploads) {
    if (!file && attachment) void checkUpload(channelId, id, attachment.file_url);
  }
  await checkReply(client, channelId);
}

async function checkUpload(channelId: number, id: number, url: string): Promise<void> {
  const answer = await fetch(url, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status === 404) expireUpload(channelId, id);
}

/** A reply to a deleted message becomes a plain message. */
async function checkReply(client: MiscordClient, channelId: number): Promise<void> {
  const { replyTo } = draftOf(channelId);
  if (!replyTo) return;
  const isGone = await client.rest.listMessages(channelId, { around: replyTo.id, limit: 1 }).then(
    ({ messages }) => messages[0]?.id !== replyTo.id,
    (error: unknown) => error instanceof ApiError && error.code === "not_found",
  );
  if (isGone && draftOf(channelId).replyTo?.id === replyTo.id) changeDraft(channelId, { replyTo: null });
}
