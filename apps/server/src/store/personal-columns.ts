import { of, type PersonalColumn } from "./personal-column.ts";
import { accountColumns } from "./personal-account-columns.ts";

const ofFriends = ["user_id", "friend_id", "created_at"] as const;

/**
 * Everything in the database that is kept about a person: what an export takes along, what the deletion of an account
 * removes, and what `docs/personal-data.md` and the settings show. A test compares it with the schema.
 */
export const personalColumns: readonly PersonalColumn[] = [
  ...accountColumns,
  // Nobody deletes an account that owns a server.
  of("memberships", "servers", "owner_id", "nameless", {
    by: ["id"],
    shown: [
      "id",
      "name",
      "owner_id",
      "created_at",
      "everyone_role_id",
      "raid_since",
      "raid_until",
      "automod_version",
      "verify_account_minutes",
      "verify_member_minutes",
      "rules",
      "keep_message_days",
      "keep_file_days",
      "keep_file_mb",
      "onboarding_since",
      "description",
      "public_since",
      "unlisted",
      "factor_required",
      "picture",
      "link_previews",
    ],
  }),
  of("memberships", "members", "user_id", "erased", {
    by: ["server_id"],
    shown: [
      "server_id",
      "user_id",
      "joined_at",
      "timed_out_until",
      "nickname",
      "rules_accepted_at",
      "onboarded_at",
      "onboarding_answers",
    ],
    hidden: ["nickname_key"],
  }),
  of("memberships", "member_roles", "user_id", "erased", {
    by: ["role_id"],
    shown: ["server_id", "user_id", "role_id"],
  }),
  of("memberships", "timeouts", "user_id", "erased", { by: ["server_id"], shown: ["server_id", "user_id", "until"] }),
  of("memberships", "voice_restraints", "user_id", "erased", {
    by: ["server_id"],
    shown: ["server_id", "user_id", "is_muted", "is_deafened"],
  }),
  of("memberships", "last_sends", "user_id", "erased", {
    by: ["channel_id"],
    shown: ["channel_id", "user_id", "sent_at"],
  }),
  of("memberships", "automod_sends", "user_id", "erased", {
    by: ["server_id"],
    shown: ["server_id", "user_id", "sends"],
  }),
  of("memberships", "thread_followers", "user_id", "erased", { by: ["channel_id"], shown: ["channel_id", "user_id"] }),
  // Of members among the targets: part of the channel's rights, which others see.
  of("memberships", "channel_overrides", "target_id", "nameless"),
  // Names and activity of channels may be hidden from whoever began them.
  of("memberships", "channels", "owner_id", "nameless", {
    by: ["id"],
    shown: ["id", "server_id", "type", "created_at"],
    hidden: [
      "name",
      "position",
      "seq",
      "last_message_seq",
      "restricted",
      "topic",
      "slow_mode_s",
      "owner_id",
      "pair_key",
      "category_id",
      "parent_id",
      "starter_id",
      "active_at",
      "archive_after_s",
      "archived",
      "locked",
      "keep_message_days",
      "keep_file_days",
      "keep_file_mb",
      "expired_seq",
      "forum",
      "picture",
      "pinned_at",
      "revision",
      "encrypted",
      "unencrypted",
      "region",
    ],
    as: "owned_channels",
  }),
  // The conversation is the other one's too.
  of("conversations", "recipients", "user_id", "nameless", {
    by: ["channel_id"],
    shown: ["channel_id", "user_id", "joined_at", "has_opened", "request"],
  }),
  // Both go with the call.
  of("conversations", "calls", "caller_id", "erased"),
  of("conversations", "rings", "user_id", "erased"),
  of("conversations", "rings", "caller_id", "erased"),
  of("people", "blocks", "user_id", "erased", { by: ["blocked_id"], shown: ["user_id", "blocked_id", "created_at"] }),
  of("people", "blocks", "blocked_id", "erased"),
  of("people", "friends", "user_id", "erased", { by: ["friend_id"], shown: ofFriends }),
  of("people", "friends", "friend_id", "erased", { by: ["user_id"], shown: ofFriends, as: "friend_requests" }),
  // In the export as pages of their own.
  of("messages", "messages", "author_id", "chosen"),
  of("messages", "earlier_texts", "author_id", "chosen"),
  of("messages", "purges", "author_id", "nameless"),
  of("messages", "purges", "actor_id", "nameless"),
  of("mentions", "mentions", "user_id", "nameless", {
    by: ["message_id"],
    shown: ["message_id", "user_id", "channel_id", "seq", "through_group"],
  }),
  of("files", "attachments", "uploader_id", "chosen", {
    by: ["id"],
    shown: [
      "id",
      "uploader_id",
      "message_id",
      "ordinal",
      "filename",
      "size",
      "content_type",
      "width",
      "height",
      "duration_ms",
      "waveform",
      "animated",
      "credit",
      "created_at",
    ],
    hidden: ["storage_key"],
  }),
  of("own_messages", "scheduled_messages", "user_id", "erased", {
    by: ["id"],
    shown: [
      "id",
      "user_id",
      "channel_id",
      "content",
      "reply_to_id",
      "poll",
      "sticker",
      "send_at",
      "refused",
      "created_at",
    ],
    hidden: ["due_at", "attempts"],
  }),
  of("own_messages", "drafts", "user_id", "erased", {
    by: ["channel_id"],
    shown: ["user_id", "channel_id", "text", "rev"],
  }),
  of("own_messages", "saved_messages", "user_id", "erased", {
    by: ["message_id"],
    shown: ["user_id", "message_id", "saved_at", "remind_at", "reminded_at"],
  }),
  // Their pictures are in the export too, as files of their own.
  of("gifs", "favourite_gifs", "user_id", "erased", {
    by: ["id"],
    shown: ["id", "user_id", "source", "title", "credit", "created_at"],
    hidden: ["picture_id"],
  }),
  of("reactions", "reactions", "user_id", "erased", {
    by: ["message_id", "emoji"],
    shown: ["message_id", "emoji", "user_id", "position", "seq"],
  }),
  of("reactions", "ballots", "user_id", "erased", {
    by: ["message_id"],
    shown: ["message_id", "user_id", "answers", "seq"],
  }),
  of("reading", "read_states", "user_id", "erased", {
    by: ["channel_id"],
    shown: ["user_id", "channel_id", "seq", "generation"],
  }),
  of("notifications", "notifications", "user_id", "erased", {
    by: ["id"],
    shown: [
      "id",
      "user_id",
      "kind",
      "actor_id",
      "server_id",
      "channel_id",
      "message_id",
      "invite_code",
      "created_at",
      "read_at",
    ],
  }),
  of("notifications", "notifications", "actor_id", "nameless"),
  of("push", "push_subscriptions", "user_id", "erased", {
    by: ["id"],
    shown: ["id", "user_id", "session_id", "locale", "with_text", "kinds", "is_mobile", "created_at", "succeeded_at"],
    hidden: ["endpoint", "p256dh", "auth", "failures", "failing_since", "last_status"],
  }),
  // What is about to be pushed, and what a device shows.
  of("push", "pushes", "user_id", "erased"),
  // Mails that wait to be sent. Those of a reset name nobody before they are sent.
  of("mails", "mails", "user_id", "erased", {
    by: ["id"],
    shown: ["id", "user_id", "address", "kind", "detail", "created_at", "due_at", "attempts"],
  }),
  of("settings", "notification_levels", "user_id", "erased", {
    by: ["scope"],
    shown: [
      "user_id",
      "scope",
      "server_id",
      "channel_id",
      "level",
      "muted_until",
      "suppress_everyone",
      "suppress_roles",
    ],
  }),
  of("invites", "invites", "created_by", "erased", {
    by: ["code"],
    shown: ["code", "server_id", "created_by", "created_at", "expires_at", "max_uses", "uses"],
  }),
  of("programs", "webhooks", "created_by", "erased", {
    by: ["id"],
    shown: ["id", "server_id", "channel_id", "created_by", "name", "created_at", "last_used_at"],
    hidden: ["token_digest", "picture"],
  }),
  // The row of `users` that stands for the webhook.
  of("programs", "webhooks", "id", "erased"),
  of("programs", "bots", "owner_id", "erased", {
    by: ["user_id"],
    shown: ["user_id", "owner_id", "created_at"],
    hidden: ["token_digest", "session_id"],
  }),
  of("programs", "bots", "user_id", "erased"),
  // Of whoever claimed the messages of an author of Discord.
  of("account", "discord_authors", "user_id", "erased", {
    by: ["discord_id"],
    shown: ["discord_id", "user_id", "name"],
  }),
  of("account", "author_claims", "user_id", "erased", {
    by: ["id"],
    shown: ["id", "user_id", "placeholder_id", "server_id", "status", "attempts", "created_at", "decided_at"],
  }),
  // The row of `users` that stands for the author.
  of("account", "author_claims", "placeholder_id", "erased"),
  // Of administrators: what they import is the instance's.
  of("audit_log", "imports", "user_id", "nameless"),
  of("bans", "bans", "user_id", "erased", {
    by: ["server_id"],
    shown: ["server_id", "user_id", "created_at", "expires_at"],
    hidden: ["banned_by", "reason"],
  }),
  of("bans", "bans", "banned_by", "nameless"),
  of("reports", "reports", "reporter_id", "nameless", {
    by: ["id"],
    shown: [
      "id",
      "server_id",
      "for_instance",
      "reporter_id",
      "user_id",
      "subject",
      "message_id",
      "channel_id",
      "restricted",
      "reason",
      "notify",
      "created_at",
      "closed_at",
    ],
    // The outcome too is for moderators, and for reporters who wish to hear of it and are still there.
    hidden: ["evidence", "claimed_by", "closed_by", "outcome", "note"],
  }),
  of("reports", "reports", "user_id", "nameless"),
  of("reports", "reports", "claimed_by", "nameless"),
  of("reports", "reports", "closed_by", "nameless"),
  of("audit_log", "audit_log", "actor_id", "nameless", {
    by: ["id"],
    shown: [
      "id",
      "server_id",
      "actor_id",
      "action",
      "user_id",
      "channel_id",
      "role_id",
      "subject",
      "restricted",
      "reason",
      "changes",
      "created_at",
    ],
  }),
  // What moderators note about others is for those who may read the log, and tells of reports.
  of("audit_log", "audit_log", "user_id", "nameless"),
  of("audit_log", "instance_log", "actor_id", "nameless", {
    by: ["id"],
    shown: ["id", "actor_id", "action", "user_id", "changes", "created_at"],
  }),
  of("audit_log", "instance_log", "user_id", "nameless"),
];
