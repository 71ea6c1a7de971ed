import type { Selectable } from "kysely";

/** A sound of a server. */
export interface SoundsTable {
  /** Random, of at most 15 digits. */
  id: number;
  server_id: number;
  /** Unique in the server. */
  name: string;
  /** Of Unicode. */
  emoji: string | null;
  /** In percent. */
  volume: number;
  /** The key of its file. */
  file_id: string;
  content_type: string;
  bytes: number;
  duration_ms: number;
  created_at: number;
}

export type SoundRow = Selectable<SoundsTable>;
