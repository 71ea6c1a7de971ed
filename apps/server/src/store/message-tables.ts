import type { Generated, Selectable } from "kysely";

/** What a message said before it was edited. */
export interface EarlierTextsTable {
  id: Generated<number>;
  message_id: number;
  author_id: number;
  content: string;
  /** When it was sent, or edited to this text. */
  written_at: number;
}

/** A message that shows another one's text as it was when it was forwarded. */
export interface ForwardsTable {
  message_id: number;
  /** May be gone, and in a channel that readers do not see: told only to those who see it. */
  source_id: number;
  content: string;
  /** When the other one was sent. */
  written_at: number;
  /** JSON: the sticker that the other one was; null: none. */
  sticker: string | null;
}

export interface ReactionsTable {
  message_id: number;
  emoji: string;
  user_id: number;
  /** Rank of the emoji on the message, by its first use. */
  position: number;
  seq: number;
}

/** What a page said of itself when it was read, for all messages that link to it. */
export interface LinkPreviewsTable {
  id: Generated<number>;
  /** Of the address; several rows may have the same one. Empty: expired, kept while a message shows the picture. */
  digest: string;
  /** JSON of an embed; null: the page could not be read. */
  embed: string | null;
  /** Id in `pictures`. */
  picture: string | null;
  expires_at: number;
}

export type EarlierTextRow = Selectable<EarlierTextsTable>;
export type ForwardRow = Selectable<ForwardsTable>;
