import type { Generated, Selectable } from "kysely";

/** Values of `users.program`. A placeholder stands for an author of another system, from which messages were imported. */
export const programs = { none: 0, bot: 1, webhook: 2, placeholder: 3 } as const;

export interface WebhooksTable {
  /** Of the row of `users` that is the author of its messages. */
  id: number;
  server_id: number;
  channel_id: number;
  /** It writes while this person may manage webhooks in the channel. */
  created_by: number;
  name: string;
  token_digest: string;
  created_at: number;
  /** Rounded down to the hour; null: never. */
  last_used_at: number | null;
  /** Of `pictures`, for messages that name none of their own; null: none. */
  picture: string | null;
}

/** A picture under which messages of a webhook were sent. They stay when the webhook is deleted, as its messages do. */
export interface WebhookPicturesTable {
  id: Generated<number>;
  server_id: number;
  webhook_id: number;
  /** Of the address that it was read from; unique for the webhook. */
  digest: string;
  /** Null: there was none at the address, until `expires_at`. */
  picture: string | null;
  expires_at: number;
}

export interface BotsTable {
  user_id: number;
  owner_id: number;
  token_digest: string;
  /** Of the session that the present token opens. */
  session_id: string;
  created_at: number;
}

export type BotRow = Selectable<BotsTable>;
export type WebhookRow = Selectable<WebhooksTable>;
