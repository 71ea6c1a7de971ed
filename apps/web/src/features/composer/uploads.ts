import { ApiError, type MiscordClient } from "@miscord/client";
import { limits, type VoiceRecording } from "@miscord/protocol";
import { changeDraft, draftOf } from "./drafts.ts";
import { sendDraft } from "./send-draft.ts";
import { newUpload, type Upload } from "./upload.ts";

/** Running uploads by id. */
const underWay = new Map<number, AbortController>();

/** Limits of this instance; defaults until the instance's settings are loaded. */
export function uploadLimits(client: MiscordClient): { bytes: number; files: number } {
  const given = client.store.getState().instance?.limits;
  return {
    bytes: given?.attachment_bytes ?? limits.attachmentBytes,
    files: given?.attachments_per_message ?? limits.attachmentsPerMessage,
  };
}

/**
 * Starts to upload the files. False when there were more than a message can carry; then only the first ones are taken.
 */
export function addFiles(client: MiscordClient, channelId: number, files: readonly File[]): boolean {
  const { uploads } = draftOf(channelId);
  const allowed = uploadLimits(client);
  const taken = files.slice(0, Math.max(0, allowed.files - uploads.length));
  const added = taken.map((file) => newUpload(file, allowed.bytes));
  changeDraft(channelId, { uploads: [...uploads, ...added] });
  for (const { id, status, file } of added) {
    if (file) void preview(channelId, id, file);
    if (file && status === "uploading") void runUpload(client, channelId, id, file);
  }
  return taken.length === files.length;
}

/** The picture is decoded only once its size is known to be harmless. */
async function preview(channelId: number, id: number, file: File): Promise<void> {
  const isHarmless = await import("./preview-size.ts")
    .then(({ isPreviewable }) => isPreviewable(file))
    .catch(() => false);
  const isStillThere = draftOf(channelId).uploads.some((upload) => upload.id === id);
  if (isHarmless && isStillThere) changeUpload(channelId, id, { previewUrl: URL.createObjectURL(file) });
}

/** Sends the draft afterwards if that waits for it. */
export async function runUpload(
  client: MiscordClient,
  channelId: number,
  id: number,
  file: File,
  voice: VoiceRecording | null = null,
): Promise<void> {
  const abort = new AbortController();
  underWay.set(id, abort);
  try {
    const attachment = await client.uploadAttachment(file, {
      signal: abort.signal,
      ...(voice && { voice }),
      onProgress: (progress) => changeUpload(channelId, id, { progress }),
    });
    changeUpload(channelId, id, { status: "done", progress: 1, attachment });
  } catch (error) {
    const problem = error instanceof ApiError ? error.code : "internal";
    changeUpload(channelId, id, { status: "failed", problem: problem === "too_large" ? "tooLarge" : problem });
  } finally {
    underWay.delete(id);
    if (draftOf(channelId).isWaiting) sendWaiting(client, channelId);
  }
}

export function abortUpload(id: number): void {
  underWay.get(id)?.abort();
}

function sendWaiting(client: MiscordClient, channelId: number): void {
  try {
    sendDraft(client, channelId);
  } catch {
    // The outbox is full. The draft stays in the composer, and sending it again shows the reason.
    changeDraft(channelId, { isWaiting: false });
  }
}

/** The server no longer has this finished upload. */
export function expireUpload(channelId: number, id: number): void {
  changeUpload(channelId, id, { status: "failed", previewUrl: null, attachment: null, problem: "expired" });
}

/** Progress of a file is no edit by the user: a draft that waits for its files keeps waiting. */
export function changeUpload(channelId: number, id: number, step: Partial<Upload>): void {
  const { uploads, isWaiting } = draftOf(channelId);
  if (!uploads.some((upload) => upload.id === id)) return;
  const next = uploads.map((upload) => (upload.id === id ? { ...upload, ...step } : upload));
  changeDraft(channelId, { uploads: next, isWaiting });
}
