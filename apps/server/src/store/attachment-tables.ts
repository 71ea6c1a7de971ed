import type { Generated, Selectable } from "kysely";

export interface AttachmentsTable {
  id: Generated<number>;
  uploader_id: number;
  /** Null until a message takes it; without one the row is deleted some time after the upload. */
  message_id: number | null;
  /** Index among the attachments of its message. */
  ordinal: number;
  storage_key: string;
  filename: string;
  size: number;
  content_type: string;
  width: number | null;
  height: number | null;
  /** Of a voice message, as the client that recorded it says; null for every other file. */
  duration_ms: number | null;
  /** Base64 of a voice message's loudness over time. */
  waveform: string | null;
  /** A picture that moves. */
  animated: Generated<number>;
  /** The service that it comes from; null: none. */
  credit: string | null;
  created_at: number;
}

/** Files in the storage that no attachment has: their attachment is deleted, or their upload is not finished. */
export interface RemovedFilesTable {
  storage_key: string;
  /** The file is removed after this time; an upload that ends before takes its row away. */
  not_before: Generated<number>;
}

export type AttachmentRow = Selectable<AttachmentsTable>;
