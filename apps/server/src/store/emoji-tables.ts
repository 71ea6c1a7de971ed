import type { Selectable } from "kysely";

export interface EmojiTables {
  emojis: EmojisTable;
  stickers: EmojisTable;
}

/** An emoji or a sticker of a server. */
interface EmojisTable {
  /** Random, of at most 15 digits. */
  id: number;
  server_id: number;
  /** Unique in the server. */
  name: string;
  /** Of `pictures`. */
  picture_id: string;
  animated: number;
  /** JSON: texts. */
  aliases: string;
  created_at: number;
}

export type EmojiRow = Selectable<EmojisTable>;
