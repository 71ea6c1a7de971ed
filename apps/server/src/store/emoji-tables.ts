import type { Selectable } from "kysely";

/** An emoji of a server. */
export interface EmojisTable {
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
