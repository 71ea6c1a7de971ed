/** What calls are about. */
export interface CallWorld {
  readonly serverId: number;
  readonly channelId: number;
  readonly forumId: number;
  /** Of a poll. */
  readonly messageId: number;
  /** Of an imported author. */
  readonly importedId: number;
  /** Somebody who calls nothing. */
  readonly userId: number;
  readonly roleId: number;
  readonly ruleId: number;
  readonly webhookId: number;
  readonly claimId: number;
  readonly attachmentId: number;
  /** Of a role. */
  readonly targetId: number;
  readonly botId: number;
  readonly scheduledId: number;
  /** Of the webhook. */
  readonly token: string;
  readonly scope: string;
  readonly emoji: string;
}

export type Body = Readonly<Record<string, unknown>>;

export const later = new Date(Date.now() + 86_400_000).toISOString();
const rule = { name: "x", message: "x", trigger: { kind: "words", words: ["x"] }, actions: { block: true } };
const embed = { title: "x", description: "x", url: "https://example.org", fields: [{ name: "x", value: "x" }] };

/** Bodies that the calls take, by method and route. Those of others are made of all these fields. */
export const bodies: Readonly<Record<string, (world: CallWorld) => Body>> = {
  "POST /api/me/author-claims": ({ importedId }) => ({ message_id: importedId }),
  "PUT /api/instance/imports/author-claims/:claimId": () => ({ decision: "accept" }),
  "POST /api/instance/imports/authors": () => ({ author: "x", username: "x" }),
  "POST /api/instance/imports/:importId/files": () => ({ files: [{ path: "x.json", size: 1 }] }),
  "POST /api/instance/imports/:importId/start": () => ({ name: "x" }),
  "POST /api/channels/:channelId/messages": ({ messageId, attachmentId }) => ({
    content: "x",
    nonce: "x",
    reply_to_id: messageId,
    attachments: [attachmentId],
    poll: { answers: ["x", "y"], multiple: false, anonymous: false, duration_s: 3_600 },
    sticker_id: 1,
  }),
  "PATCH /api/messages/:messageId": () => ({ content: "x" }),
  "PUT /api/messages/:messageId/vote": () => ({ answers: [0] }),
  "POST /api/messages/:messageId/forward": ({ channelId }) => ({ channel_id: channelId, content: "x", nonce: "x" }),
  "POST /api/channels/:channelId/messages/bulk-delete": ({ importedId }) => ({ message_ids: [importedId] }),
  "POST /api/channels/:channelId/scheduled": ({ attachmentId }) => ({
    content: "x",
    send_at: later,
    attachments: [attachmentId],
    poll: { answers: ["x", "y"] },
    sticker_id: 1,
  }),
  "PATCH /api/me/scheduled/:scheduledId": () => ({ content: "x", send_at: later }),
  "PUT /api/me/drafts/:channelId": () => ({ text: "x" }),
  "PUT /api/me/saved/:messageId": () => ({ remind_at: later }),
  "POST /api/me/gifs": ({ attachmentId, messageId }) => ({
    attachment_id: attachmentId,
    message_id: messageId,
    picture_url: "/api/pictures/x",
  }),
  "POST /api/gifs/search": () => ({ query: "x", next: "x", locale: "en" }),
  "POST /api/gifs/upload": () => ({ found: "x" }),
  "PUT /api/channels/:channelId/read": () => ({ seq: 1 }),
  "POST /api/notifications/read": () => ({ ids: [1] }),
  "PUT /api/me/notification-levels/:scope": () => ({
    level: "all",
    muted_until: later,
    suppress_everyone: true,
    suppress_roles: true,
  }),
  "PUT /api/push/subscription": () => ({
    endpoint: "https://example.org/push",
    keys: { p256dh: "x", auth: "x" },
    locale: "en",
    with_text: true,
  }),
  "POST /api/push/act": () => ({ id: 1, secret: "x", action: "reply", content: "x" }),
  "PATCH /api/auth/me": () => ({
    display_name: "x",
    avatar_color: "#336699",
    locale: "en",
    theme: "dark",
    messages_from: "members",
    quiet_hours: { from: "22:00", to: "07:00", time_zone: "Europe/Berlin", days: [1] },
    about: "x",
    pronouns: "x",
    banner_color: "#336699",
  }),
  "PUT /api/auth/me/custom-status": () => ({ emoji: "👍", text: "x", duration_s: 3_600 }),
  "PUT /api/auth/me/status": () => ({ status: "online" }),
  "PUT /api/servers/:serverId/members/:userId/nickname": () => ({ nickname: "x", reason: "x" }),
  "PUT /api/servers/:serverId/members/:userId/timeout": () => ({ until: null, reason: "x" }),
  "PATCH /api/servers/:serverId/emojis/:emojiId": () => ({ name: "xx", aliases: ["yy"] }),
  "PATCH /api/servers/:serverId/stickers/:emojiId": () => ({ name: "xx", aliases: ["yy"] }),
  "PATCH /api/instance/emojis/:emojiId": () => ({ name: "xx", aliases: ["yy"] }),
  "PATCH /api/instance/stickers/:emojiId": () => ({ name: "xx", aliases: ["yy"] }),
  "PATCH /api/servers/:serverId/sounds/:soundId": () => ({ name: "xx", emoji: "👍", volume: 0.5 }),
  "POST /api/channels/:channelId/webhooks": () => ({ name: "x" }),
  "PATCH /api/webhooks/:webhookId": ({ channelId }) => ({ name: "x", channel_id: channelId, take_over: true }),
  "POST /api/webhooks/:webhookId/:token": () => ({
    content: "x",
    username: "x",
    avatar_url: "https://example.org/x.png",
    embeds: [embed],
    allowed_mentions: { parse: ["users"], users: ["1"], roles: ["1"] },
    poll: { question: { text: "x" }, answers: [{ poll_media: { text: "x" } }], duration: 1, allow_multiselect: true },
    flags: 4,
  }),
  "POST /api/webhooks/:webhookId/:token/slack": () => ({ text: "x", username: "x", attachments: [{ text: "x" }] }),
  "POST /api/webhooks/:webhookId/:token/github": () => ({ action: "opened", repository: { full_name: "x" } }),
  "PATCH /api/webhooks/:webhookId/:token": () => ({ name: "x" }),
  "PATCH /api/webhooks/:webhookId/:token/messages/:messageId": () => ({ content: "x", embeds: [embed] }),
  "POST /api/bots": () => ({ username: "xx", display_name: "x" }),
  "POST /api/auth/bot": () => ({ token: "x" }),
  "POST /api/servers": () => ({ name: "x", locale: "en", template: "blank" }),
  "PATCH /api/servers/:serverId": () => ({ name: "x" }),
  "POST /api/servers/:serverId/channels": ({ roleId }) => ({
    name: "x",
    type: "text",
    category_id: null,
    overrides: [{ type: "role", target_id: roleId, allow: 0, deny: 0 }],
  }),
  "PATCH /api/channels/:channelId": () => ({
    name: "x",
    topic: "x",
    slow_mode_s: 1,
    position: 1,
    category_id: null,
    archived: true,
    locked: true,
    pinned: true,
    tags: [1],
    forum: { tags: [{ name: "x", emoji: null, moderated: false }], order: "activity", requires_tag: true },
  }),
  "PUT /api/servers/:serverId/channels/order": ({ channelId }) => ({ channel_ids: [channelId] }),
  "POST /api/channels/:channelId/threads": ({ messageId }) => ({
    name: "x",
    message_id: messageId,
    archive_after_s: 86_400,
  }),
  "POST /api/channels/:channelId/posts": () => ({ name: "x", content: "x", tags: [1], attachments: [1] }),
  "POST /api/servers/:serverId/roles": () => ({ name: "x", color: "#336699", permissions: 0, hoist: true }),
  "PATCH /api/roles/:roleId": () => ({ name: "x", permissions: 0, position: 1, mentionable: true }),
  "PUT /api/channels/:channelId/overrides/:targetId": () => ({ type: "role", allow: 0, deny: 0 }),
  "POST /api/servers/:serverId/automod/rules": () => rule,
  "PATCH /api/automod/rules/:ruleId": () => rule,
  "POST /api/servers/:serverId/automod/dry-run": () => ({ rule }),
  "PUT /api/servers/:serverId/onboarding": ({ channelId }) => ({
    enabled: true,
    welcome: "x",
    channel_ids: [channelId],
    questions: [{ title: "x", answers: [{ title: "x", channel_ids: [channelId], role_ids: [] }] }],
  }),
  "POST /api/reports": ({ messageId }) => ({ message_id: messageId, reason: "x", notify: true }),
  "POST /api/dms": ({ userId }) => ({ user_ids: [userId], name: "x" }),
  "POST /api/auth/register": () => ({ username: "xx", email: "x@example.org", password: "12345678", locale: "en" }),
  "POST /api/auth/login": () => ({ username: "x", password: "x" }),
  "POST /api/auth/recover": () => ({ username: "x", recovery_code: "x", new_password: "12345678" }),
  "POST /api/auth/reset": () => ({ token: "x", new_password: "12345678" }),
  "POST /api/auth/reset-mail": () => ({ email: "x@example.org" }),
  "POST /api/auth/passkey-options": () => ({ ticket: "x" }),
  "POST /api/auth/password": () => ({ current_password: "x", new_password: "12345678" }),
  "POST /api/auth/confirm": () => ({ password: "x" }),
  "PUT /api/auth/authenticator": () => ({ code: "000000" }),
  "POST /api/auth/passkeys": () => ({ passkey: { id: "x", rawId: "x", response: {}, type: "public-key" }, name: "x" }),
  "PUT /api/auth/email": () => ({ email: "x@example.org", locale: "en" }),
  "PATCH /api/auth/email": () => ({ notices: true, digest: true, locale: "en" }),
  "POST /api/auth/email/confirm": () => ({ token: "x" }),
  "POST /api/admin/reset-links": () => ({ username: "x" }),
  "POST /api/admin/claim": () => ({ claim_token: "x" }),
  "POST /api/me/deletion": () => ({ messages: "x" }),
  "PUT /api/servers/:serverId/owner": () => ({ user_id: 0 }),
  "PUT /api/servers/:serverId/raid-mode": () => ({ until: later, minutes: 1 }),
  "PUT /api/servers/:serverId/verification": () => ({ account_minutes: 0, member_minutes: 0, rules: "x" }),
  "PUT /api/servers/:serverId/listing": () => ({ is_public: true, description: "x" }),
  "PUT /api/servers/:serverId/second-factor": () => ({ factor_required: false }),
  "PUT /api/servers/:serverId/link-previews": () => ({ link_previews: true }),
  "PUT /api/servers/:serverId/onboarding/answers": () => ({ answer_ids: [1] }),
  "PUT /api/channels/:channelId/voice/:userId": ({ channelId }) => ({
    muted: true,
    channel_id: channelId,
    reason: "x",
  }),
  "PUT /api/servers/:serverId/bans/:userId": () => ({ reason: "x", expires_at: later, delete_message_seconds: 1 }),
  "POST /api/servers/:serverId/bulk-ban": () => ({ user_ids: [987_654_321], reason: "x", delete_message_seconds: 1 }),
  "PUT /api/servers/:serverId/retention": () => ({ message_days: 0, file_days: 0, file_mb: 0 }),
  "PUT /api/channels/:channelId/retention": () => ({ message_days: 0, file_days: 0, file_mb: 0 }),
  "POST /api/servers/:serverId/invites": () => ({ expires_in: 3_600, max_uses: 1, username: "x" }),
  "PUT /api/reports/:reportId/outcome": () => ({ outcome: "acted", note: "x" }),
  "PATCH /api/instance/settings": () => ({ max_upload_bytes: 10_000_000, discovery: true }),
  "PUT /api/instance/announcement": () => ({ text: "x", expires_in: 3_600 }),
  "PUT /api/instance/servers/:serverId/listing": () => ({ is_unlisted: true }),
  "PATCH /api/dms/:channelId": () => ({ name: "x", calls_encrypted: true }),
  "PUT /api/dms/:channelId/request": () => ({ answer: "accept" }),
  "POST /api/me/friends": () => ({ username: "x" }),
  "PUT /api/monitor/incidents/:id": () => ({ verdict: "expected" }),
};

/** Routes that take a picture or a sound as the body. */
export const isUpload = (url: string) => /\/(emojis|stickers|sounds|picture|banner|icon)$/.test(url);
