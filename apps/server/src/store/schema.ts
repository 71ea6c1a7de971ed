import type { Generated, Selectable } from "kysely";

/**
 * The tables, as Kysely sees them. Portable on purpose: times are milliseconds since the epoch,
 * truth values are 0 or 1, and no column needs more than integers and text.
 */
export interface Tables {
  meta: { key: string; value: string };
  migrations: { name: string; applied_at: number };
  users: UsersTable;
  sessions: SessionsTable;
  servers: { id: Generated<number>; name: string; owner_id: number; created_at: number };
  channels: ChannelsTable;
  members: { server_id: number; user_id: number; joined_at: number };
  bans: { server_id: number; user_id: number; banned_by: number; created_at: number };
  invites: InvitesTable;
  messages: MessagesTable;
  mentions: { message_id: number; user_id: number; channel_id: number; seq: number };
  reactions: ReactionsTable;
  read_states: { user_id: number; channel_id: number; seq: number };
  attachments: AttachmentsTable;
  notifications: NotificationsTable;
}

export interface UsersTable {
  id: Generated<number>;
  username: string;
  /** The username case-folded: what must be unique. */
  username_key: string;
  /** Equal for names that look alike, and unique too. */
  username_skeleton: string;
  email: string;
  password_hash: string;
  display_name: string;
  avatar_color: string;
  is_admin: number;
  locale: string | null;
  theme: string;
  status: string;
  created_at: number;
}

interface SessionsTable {
  id: string;
  user_id: number;
  /** `web` rotates a refresh token; `legacy` is one long access token that can be revoked. */
  kind: string;
  refresh_hash: string | null;
  user_agent: string;
  address: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  revoked_at: number | null;
}

export interface ChannelsTable {
  id: Generated<number>;
  server_id: number;
  name: string;
  type: string;
  position: number;
  /** The channel's position: that of its latest durable change. */
  seq: Generated<number>;
  last_message_seq: Generated<number>;
  created_at: number;
}

export interface InvitesTable {
  code: string;
  server_id: number;
  created_by: number;
  created_at: number;
  expires_at: number | null;
  max_uses: number | null;
  uses: Generated<number>;
}

interface MessagesTable {
  id: Generated<number>;
  channel_id: number;
  author_id: number;
  content: string;
  /** Unique with its author. */
  nonce: string | null;
  /** Digest of what was sent under the nonce; an edit does not change it. */
  fingerprint: string | null;
  seq: number;
  updated_seq: number;
  reply_to_id: number | null;
  mentions_everyone: number;
  created_at: number;
  edited_at: number | null;
  deleted_at: number | null;
}

interface ReactionsTable {
  message_id: number;
  emoji: string;
  user_id: number;
  /** Of the emoji among the message's: chips stand in the order in which they first appeared. */
  position: number;
  seq: number;
}

export interface AttachmentsTable {
  id: Generated<number>;
  uploader_id: number;
  /** Null until a message takes it; the sweep removes what none took. */
  message_id: number | null;
  ordinal: number;
  storage_key: string;
  filename: string;
  size: number;
  content_type: string;
  width: number | null;
  height: number | null;
  created_at: number;
}

export interface NotificationsTable {
  id: Generated<number>;
  user_id: number;
  kind: string;
  actor_id: number;
  server_id: number;
  channel_id: number | null;
  message_id: number | null;
  invite_code: string | null;
  created_at: number;
  read_at: number | null;
}

export type UserRow = Selectable<UsersTable>;
export type SessionRow = Selectable<SessionsTable>;
export type MessageRow = Selectable<MessagesTable>;
export type ReactionRow = Selectable<ReactionsTable>;
export type NotificationRow = Selectable<NotificationsTable>;
export type AttachmentRow = Selectable<AttachmentsTable>;
