import type { Generated, Selectable } from "kysely";

/**
 * Mails to be sent: an outbox, written in the transaction of what it tells. It holds no secret: the one of a link is made
 * when the mail is sent, and stored as a digest.
 */
export interface MailsTable {
  id: Generated<number>;
  /** Null for a reset: whose address it is, if anybody's, is looked up when it is sent. */
  user_id: number | null;
  address: string;
  /** `MailKind`. */
  kind: string;
  /** What the kind needs to know, as `MailDetail` has it; empty for none. */
  detail: Generated<string>;
  /** When to send it; while it is being sent, when another node may try. */
  due_at: number;
  attempts: Generated<number>;
  created_at: number;
}

export type MailRow = Selectable<MailsTable>;

/** Notices tell of what was done with an account already. */
export type NoticeKind = "new_device" | "password_changed" | "factors_changed" | "address_changed";
export type MailKind = NoticeKind | "confirm" | "reset" | "digest" | "alert";
