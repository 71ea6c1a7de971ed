import type { Selectable } from "kysely";

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
