import type { Attachment, ErrorCode } from "@miscord/protocol";

/** A file on its way into a message. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** Shows a picture before it is on the server; null for other files, and until its size is known. */
  readonly previewUrl: string | null;
  readonly status: "uploading" | "done" | "failed";
  /** From 0 to 1. */
  readonly progress: number;
  /** Once `done`. */
  readonly attachment: Attachment | null;
  /** Once `failed`. */
  readonly problem: UploadProblem | null;
}

/** The first two are known without asking the server, and trying again does not help. */
export type UploadProblem = "tooLarge" | "empty" | ErrorCode;

/** To be called when it leaves the draft: its preview holds the file in memory. */
export function releasePreview({ previewUrl }: Upload): void {
  if (previewUrl !== null) URL.revokeObjectURL(previewUrl);
}
