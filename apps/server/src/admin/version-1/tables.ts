/** Names under which a column may stand in a dump, the first that is there is read. */
type Columns = Readonly<Record<string, readonly string[]>>;

export interface ExpectedTable {
  /** Names under which the table may stand in a dump. */
  readonly names: readonly string[];
  readonly required: Columns;
  readonly optional: Columns;
}

/**
 * What is read of version 1's database. Its installations differ in the names of columns, so each has those that its code and
 * its clients used. docs/moving-in.md lists them for operators.
 */
export const expectedTables = {
  users: {
    names: ["users"],
    required: { id: ["id"], username: ["username"] },
    optional: {
      password: ["hashed_password", "password_hash", "password"],
      email: ["email"],
      display_name: ["display_name", "full_name"],
      is_active: ["is_active"],
      created_at: ["created_at", "registered_at"],
    },
  },
  servers: {
    names: ["servers"],
    required: { id: ["id"], name: ["name"] },
    optional: { owner_id: ["owner_id", "created_by"], created_at: ["created_at"] },
  },
  members: {
    names: ["server_members", "members", "user_servers", "server_users"],
    required: { server_id: ["server_id"], user_id: ["user_id"] },
    optional: { joined_at: ["joined_at", "created_at"] },
  },
  text_channels: {
    names: ["text_channels"],
    required: { id: ["id"], name: ["name"], server_id: ["server_id"] },
    optional: { position: ["position", "order"] },
  },
  voice_channels: {
    names: ["voice_channels"],
    required: { id: ["id"], name: ["name"], server_id: ["server_id"] },
    optional: { position: ["position", "order"] },
  },
  channels: {
    names: ["channels"],
    required: { id: ["id"], name: ["name"], server_id: ["server_id"] },
    optional: { position: ["position", "order"], type: ["type", "channel_type", "kind"] },
  },
  messages: {
    names: ["messages"],
    required: {
      id: ["id"],
      channel_id: ["text_channel_id", "channel_id"],
      author_id: ["author_id", "user_id", "sender_id"],
      content: ["content", "text"],
      created_at: ["timestamp", "created_at", "sent_at"],
    },
    optional: {
      edited_at: ["edited_at"],
      is_deleted: ["is_deleted", "deleted"],
      reply_to_id: ["reply_to_id", "reply_to"],
    },
  },
  attachments: {
    names: ["attachments", "message_attachments"],
    required: { message_id: ["message_id"], file_url: ["file_url", "url", "file_path"] },
    optional: { filename: ["filename", "file_name", "original_filename"] },
  },
  reactions: {
    names: ["reactions", "message_reactions"],
    required: { message_id: ["message_id"], user_id: ["user_id"], emoji: ["emoji"] },
    optional: {},
  },
} as const satisfies Readonly<Record<string, ExpectedTable>>;

export type TableName = keyof typeof expectedTables;

type Of<Table extends TableName> = (typeof expectedTables)[Table];
/** A row as it stands in the dump: texts, null for what is not there. */
export type Row<Table extends TableName> = Record<keyof Of<Table>["required"], string> &
  Record<keyof Of<Table>["optional"], string | null>;
