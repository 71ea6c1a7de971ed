/** Rows that an import from Discord made: `kind` is a `DiscordKind`, the id is that of the row here, which may be gone. */
export interface DiscordItemsTable {
  kind: string;
  discord_id: string;
  local_id: number;
  server_id: number;
}

/**
 * `voice` is the voice channel beside the text channel that has its messages. Imports from version 1 note theirs here too, with
 * ids that begin with `v1:`; they have `member`.
 */
export type DiscordKind =
  | "server"
  | "category"
  | "channel"
  | "voice"
  | "role"
  | "message"
  | "member"
  | "emoji"
  | "sticker";

/** Who stands for authors of Discord: an account that nobody can log in to, or whoever has claimed it. */
export interface DiscordAuthorsTable {
  discord_id: string;
  user_id: number;
  /** In Discord, for whoever claims the messages. */
  name: string;
}
