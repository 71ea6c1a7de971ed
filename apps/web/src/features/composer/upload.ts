import type { Attachment, ErrorCode } from "@miscord/protocol";

/** A file that is being uploaded for a message. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** Shows a picture before it is on the server; null for other files, and until its size is known. */
  readonly previewUrl: string | null;
  readonly status: "uploading" | "done" | "failed";
  /** From 0 to 1. */
  readonly progress: number;
  /** The uploaded attachment once the state is `done`, else null. */
  readonly attachment: Attachment | null;
  /** The reason once the state is `failed`, else null. */
  readonly problem: UploadProblem | null;
}

/** `tooLarge` and `empty` are found without asking the server, and another attempt does not help. */
export type UploadProblem = "tooLarge" | "empty" | ErrorCode;

/** Revokes the preview's object URL, which holds the file in memory. To be called when the upload leaves the draft. */
export function releasePreview({ previewUrl }: Upload): void {
  if (previewUrl !== null) URL.revokeObjectURL(previewUrl);
}
