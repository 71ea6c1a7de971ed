import type { MiscordClient } from "@miscord/client";
import type { VoiceRecording } from "@miscord/protocol";
import { changeDraft, draftOf } from "./drafts.ts";
import { newUpload, releasePreview, type Upload } from "./upload.ts";
import { abortUpload, changeUpload, runUpload, uploadLimits } from "./uploads.ts";

/** Starts to upload a voice message, which is sent with the draft as soon as it is uploaded. */
export function addVoice(client: MiscordClient, channelId: number, file: File, voice: VoiceRecording): void {
  const upload = newUpload(file, uploadLimits(client).bytes, voice);
  changeDraft(channelId, {
    uploads: [...draftOf(channelId).uploads, upload],
    isWaiting: upload.status === "uploading",
  });
  if (upload.status === "uploading") void runUpload(client, channelId, upload.id, file, voice);
}

/** A voice message that is alone in its draft is sent once it is uploaded, as it was to be the first time. */
export function retryUpload(client: MiscordClient, channelId: number, { id, file, voice }: Upload): void {
  if (!file) return;
  changeUpload(channelId, id, { status: "uploading", progress: 0, problem: null });
  if (voice && draftOf(channelId).uploads.length === 1) changeDraft(channelId, { isWaiting: true });
  void runUpload(client, channelId, id, file, voice);
}

/** Aborts a running upload, or deletes the uploaded file from the server. */
export function removeUpload(client: MiscordClient, channelId: number, removed: Upload): void {
  const { id, attachment } = removed;
  changeDraft(channelId, { uploads: draftOf(channelId).uploads.filter((upload) => upload.id !== id) });
  abortUpload(id);
  releasePreview(removed);
  // The server deletes unsent uploads by itself.
  if (attachment) client.rest.deleteAttachment(attachment.id).catch(() => {});
}
