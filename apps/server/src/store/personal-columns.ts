import type { DataKind } from "@miscord/protocol";
import type { Tables } from "./schema.ts";

/**
 * A column that says whose the row is. `erased`: the row goes with the account. `nameless`: it stays, and leads to an
 * account without a name. `chosen`: either, as the user wishes. `export`: the rows are in the user's copy, in the order of
 * these columns, without those that are `hidden`, or with those that are `shown` alone.
 */
export interface PersonalColumn {
  table: keyof Tables;
  column: string;
  kind: DataKind;
  onDeletion: "erased" | "nameless" | "chosen";
  export?: { by: readonly string[]; hidden?: readonly string[]; shown?: readonly string[]; as?: string };
}

function of<Table extends keyof Tables>(
  kind: DataKind,
  table: Table,
  column: keyof Tables[Table] & string,
  onDeletion: PersonalColumn["onDeletion"],
  exported?: {
    by: readonly (keyof Tables[Table] & string)[];
    hidden?: readonly (keyof Tables[Table] & string)[];
    shown?: readonly (keyof Tables[Table] & string)[];
    as?: string;
  },
): PersonalColumn {
  return { kind, table, column, onDeletion, ...(exported && { export: exported }) };
}

/**
 * Everything in the database that is kept about a person: what an export takes along, what the deletion of an account
 * removes, and what `docs/personal-data.md` and the settings show. A test compares it with the schema.
 */
export const personalColumns: readonly PersonalColumn[] = [
  of("account", "users", "id", "nameless", {
    by: ["id"],
    hidden: ["password_hash", "username_key", "username_skeleton"],
  }),
  // Nobody deletes an account that owns a server.
  of("memberships", "servers", "owner_id", "nameless", { by: ["id"] }),
  of("sessions", "sessions", "user_id", "erased", { by: ["id"], hidden: ["refresh_hash", "spent_hash"] }),
  of("memberships", "members", "user_id", "erased", { by: ["server_id"] }),
  of("memberships", "member_roles", "user_id", "erased", { by: ["role_id"] }),
  of("memberships", "timeouts", "user_id", "erased", { by: ["server_id"] }),
  of("memberships", "voice_restraints", "user_id", "erased", { by: ["server_id"] }),
  of("memberships", "last_sends", "user_id", "erased", { by: ["channel_id"] }),
  of("memberships", "automod_sends", "user_id", "erased", { by: ["server_id"] }),
  of("memberships", "thread_followers", "user_id", "erased", { by: ["channel_id"] }),
  // Of members among the targets: part of the channel's rights, which others see.
  of("memberships", "channel_overrides", "target_id", "nameless"),
  // Names and activity of channels may be hidden from whoever began them.
  of("memberships", "channels", "owner_id", "nameless", {
    by: ["id"],
    as: "owned_channels",
    shown: ["id", "server_id", "type", "created_at"],
  }),
  // The conversation is the other one's too.
  of("conversations", "recipients", "user_id", "nameless", { by: ["channel_id"] }),
  of("people", "blocks", "user_id", "erased", { by: ["blocked_id"] }),
  of("people", "blocks", "blocked_id", "erased"),
  of("people", "friends", "user_id", "erased", { by: ["friend_id"] }),
  of("people", "friends", "friend_id", "erased", { by: ["user_id"], as: "friend_requests" }),
  // In the export as pages of their own.
  of("messages", "messages", "author_id", "chosen"),
  of("messages", "purges", "author_id", "nameless"),
  of("messages", "purges", "actor_id", "nameless"),
  of("mentions", "mentions", "user_id", "nameless", { by: ["message_id"] }),
  of("files", "attachments", "uploader_id", "chosen", { by: ["id"], hidden: ["storage_key"] }),
  of("reactions", "reactions", "user_id", "erased", { by: ["message_id", "emoji"] }),
  of("reading", "read_states", "user_id", "erased", { by: ["channel_id"] }),
  of("notifications", "notifications", "user_id", "erased", { by: ["id"] }),
  of("notifications", "notifications", "actor_id", "nameless"),
  of("settings", "notification_levels", "user_id", "erased", { by: ["scope"] }),
  of("invites", "invites", "created_by", "erased", { by: ["code"] }),
  of("bans", "bans", "user_id", "erased", { by: ["server_id"], hidden: ["banned_by", "reason"] }),
  of("bans", "bans", "banned_by", "nameless"),
  of("reports", "reports", "reporter_id", "nameless", {
    by: ["id"],
    hidden: ["evidence", "claimed_by", "closed_by", "note"],
  }),
  of("reports", "reports", "user_id", "nameless"),
  of("reports", "reports", "claimed_by", "nameless"),
  of("reports", "reports", "closed_by", "nameless"),
  of("audit_log", "audit_log", "actor_id", "nameless", { by: ["id"] }),
  // What moderators note about others is for those who may read the log, and tells of reports.
  of("audit_log", "audit_log", "user_id", "nameless"),
  of("exports", "exports", "user_id", "erased", { by: ["id"], hidden: ["storage_key"] }),
];

/** Tables of the database and of the search index without anything about a person. */
export const impersonalTables: readonly string[] = [
  "meta",
  "migrations",
  "roles",
  "removed_files",
  "signing_keys",
  "automod_rules",
  "search_index",
  "search_documents",
  "search_terms",
  "search_positions",
  "search_state",
];
