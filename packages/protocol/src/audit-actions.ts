/** What a server's audit log knows: every action of those who run it. */
export const auditActions = [
  "server_update",
  "channel_create",
  "channel_update",
  "channel_delete",
  "channels_reorder",
  "override_update",
  "role_create",
  "role_update",
  "role_delete",
  "member_role_update",
  "member_kick",
  "member_ban",
  "member_unban",
  "member_timeout",
  "invite_delete",
  "message_delete",
] as const;
