import type { Locale } from "@miscord/protocol";
import type { Generated, Selectable } from "kysely";

/** The browser of a session, and where its vendor takes pushes for it. */
export interface PushSubscriptionsTable {
  id: Generated<number>;
  user_id: number;
  /** Unique: a session has one. It goes with the session. */
  session_id: string;
  /** Unique: a browser belongs to whoever logged in last. */
  endpoint: string;
  /** The browser's public key and its secret, base64url. */
  p256dh: string;
  auth: string;
  locale: string;
  with_text: number;
  /** `PushKind`s, separated by commas. */
  kinds: string;
  is_mobile: number;
  created_at: number;
  succeeded_at: number | null;
  /** In a row, since the last success. */
  failures: Generated<number>;
  /** HTTP status of the latest answer; 0: there was none. */
  last_status: number | null;
  /** Time of the first of the failures; null: there is none. */
  failing_since: Generated<number | null>;
}

/**
 * What is to be pushed to one device: an outbox, written in the transaction of what it tells. No foreign keys, so that
 * the log never waits for a subscription that is being deleted; rows of one that is gone are dropped when they are due.
 */
export interface PushesTable {
  id: Generated<number>;
  subscription_id: number;
  user_id: number;
  /** Null for what is in no channel. */
  channel_id: number | null;
  message_id: number | null;
  /** Null for a message in a private channel. */
  notification_id: number | null;
  /** `ToldAlert` as JSON, for administrators; null for all else. */
  alert: string | null;
  /** `ring`: to be shown. `shown`: it was. `close`: to be taken away. */
  state: string;
  /** When to send it; while it is being sent, when another node may try. Null: nothing is to be done. */
  due_at: number | null;
  attempts: Generated<number>;
  created_at: number;
}

/** Of an incident. Texts by language. */
export interface ToldAlert {
  /** The same for its start and its end, which takes the place of it. */
  readonly key: string;
  readonly path: string;
  readonly title: Readonly<Record<Locale, string>>;
  readonly text: Readonly<Record<Locale, string>>;
}

export type PushSubscriptionRow = Selectable<PushSubscriptionsTable>;
export type PushRow = Selectable<PushesTable>;
