import { isVoice, type Attachment, type ErrorCode, type VoiceRecording } from "@miscord/protocol";

/** A file of a draft: being uploaded, or on the server. */
export interface Upload {
  readonly id: number;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly contentType: string;
  /** Null when a page that is closed now uploaded it. */
  readonly file: File | null;
  /** Of a voice message; null for every other file. */
  readonly voice: VoiceRecording | null;
  /** Address of a picture's preview; null for other files, and until the picture's size is known. */
  readonly previewUrl: string | null;
  readonly status: "uploading" | "done" | "failed";
  /** From 0 to 1. */
  readonly progress: number;
  /** The uploaded attachment once the state is `done`, else null. */
  readonly attachment: Attachment | null;
  /** The reason once the state is `failed`, else null. */
  readonly problem: UploadProblem | null;
}

/**
 * `tooLarge` and `empty` are found without asking the server, and another attempt does not help. `expired`: the server
 * has deleted the unsent file.
 */
type UploadProblem = "tooLarge" | "empty" | "expired" | ErrorCode;

let lastId = 0;

/** The upload of a file of this page, not yet begun, or failed at once. */
export function newUpload(file: File, maxBytes: number, voice: VoiceRecording | null = null): Upload {
  const problem: UploadProblem | null = file.size === 0 ? "empty" : file.size > maxBytes ? "tooLarge" : null;
  const status = problem ? "failed" : "uploading";
  const { name, size, type: contentType } = file;
  return {
    id: nextId(),
    name,
    size,
    contentType,
    file,
    voice,
    previewUrl: null,
    status,
    progress: 0,
    attachment: null,
    problem,
  };
}

/** The upload that a page before this one finished. */
export function restoredUpload(attachment: Attachment): Upload {
  const { filename: name, size, content_type: contentType, file_url, width } = attachment;
  const previewUrl = width !== undefined && contentType.startsWith("image/") ? file_url : null;
  const done = { status: "done", progress: 1, problem: null } as const;
  const voice = isVoice(attachment) ? attachment : null;
  return { id: nextId(), name, size, contentType, file: null, voice, previewUrl, attachment, ...done };
}

function nextId(): number {
  lastId += 1;
  return lastId;
}

/** Revokes the preview's object URL, which holds the file in memory. To be called when the upload leaves the draft. */
export function releasePreview({ previewUrl }: Upload): void {
  if (previewUrl !== null) URL.revokeObjectURL(previewUrl);
}
