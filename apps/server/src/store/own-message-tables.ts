import type { Generated, Selectable } from "kysely";

/** Messages that wait to be sent. */
export interface ScheduledMessagesTable {
  id: Generated<number>;
  user_id: number;
  channel_id: number;
  content: string;
  reply_to_id: number | null;
  /** JSON: the poll as its author wrote it. */
  poll: string | null;
  /** JSON: the sticker that the message will be. */
  sticker: string | null;
  /** When its author wants it to be sent. */
  send_at: number;
  /** `send_at`, or a later attempt; while it is being sent, when another node may try; null once it was refused. */
  due_at: number | null;
  attempts: Generated<number>;
  /** An error code. */
  refused: string | null;
  created_at: number;
}

/** An empty text is a draft that was sent or cleared. `rev`: about milliseconds since 1970, and always rising. */
export interface DraftsTable {
  user_id: number;
  channel_id: number;
  text: string;
  rev: number;
}

export interface SavedMessagesTable {
  user_id: number;
  message_id: number;
  saved_at: number;
  remind_at: number | null;
  /** When its time had come; null before. */
  reminded_at: number | null;
}

export type ScheduledMessageRow = Selectable<ScheduledMessagesTable>;
export type SavedMessageRow = Selectable<SavedMessagesTable>;
