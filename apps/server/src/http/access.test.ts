import type { Attachment, AutomodRule, Message, ServerState, WebhookWithToken } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let outsider: TestClient;
let home: ServerState;
let message: Message;
let upload: Attachment;
let code: string;
let rule: AutomodRule;
let hook: WebhookWithToken;
const automodRule = { name: "x", message: "x", trigger: { kind: "emoji", most: 200 }, actions: {} };

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  outsider = await TestClient.register(server.url, "outsider");
  home = await owner.createServer();
  message = await owner.send(home.channels[0]!.id, "for members");
  upload = (await owner.upload("x", "x.txt")).body;
  code = await owner.invite(home.id);
  hook = await owner.post<WebhookWithToken>(`/api/channels/${home.channels[0]!.id}/webhooks`, { name: "x" });
  rule = await owner.post<AutomodRule>(`/api/servers/${home.id}/automod/rules`, automodRule);
});
afterAll(() => server.cleanup());

type Call = [method: string, path: string, body?: unknown];

/** Every call about a server, its content or another user. */
const calls: [name: string, call: () => Call][] = [
  ["see a server", () => ["GET", `/api/servers/${home.id}`]],
  ["rename a group", () => ["PATCH", `/api/dms/${home.channels[0]!.id}`, { name: "x" }]],
  ["decline a call", () => ["DELETE", `/api/dms/${home.channels[0]!.id}/ring`]],
  ["add to a group", () => ["PUT", `/api/dms/${home.channels[0]!.id}/recipients/1`]],
  ["remove from a group", () => ["DELETE", `/api/dms/${home.channels[0]!.id}/recipients/1`]],
  ["remove a group's picture", () => ["DELETE", `/api/dms/${home.channels[0]!.id}/icon`]],
  ["remove a server's picture", () => ["DELETE", `/api/servers/${home.id}/icon`]],
  ["rename a server", () => ["PATCH", `/api/servers/${home.id}`, { name: "x" }]],
  ["delete a server", () => ["DELETE", `/api/servers/${home.id}`]],
  ["hand a server over", () => ["PUT", `/api/servers/${home.id}/owner`, { user_id: owner.me.id }]],
  ["leave a server", () => ["POST", `/api/servers/${home.id}/leave`]],
  ["create a channel", () => ["POST", `/api/servers/${home.id}/channels`, { name: "x", type: "text" }]],
  ["order channels", () => ["PUT", `/api/servers/${home.id}/channels/order`, { channel_ids: [] }]],
  ["see roles", () => ["GET", `/api/servers/${home.id}/roles`]],
  ["create a role", () => ["POST", `/api/servers/${home.id}/roles`, { name: "x" }]],
  ["change a role", () => ["PATCH", `/api/roles/${home.everyone_role_id}`, { permissions: 8 }]],
  ["delete a role", () => ["DELETE", `/api/roles/${home.everyone_role_id}`]],
  ["give a role", () => ["PUT", `/api/servers/${home.id}/members/${owner.me.id}/roles/${home.everyone_role_id}`]],
  ["take a role", () => ["DELETE", `/api/servers/${home.id}/members/${owner.me.id}/roles/${home.everyone_role_id}`]],
  [
    "set an override",
    () => [
      "PUT",
      `/api/channels/${home.channels[0]!.id}/overrides/${home.everyone_role_id}`,
      { type: "role", allow: 8, deny: 0 },
    ],
  ],
  ["remove an override", () => ["DELETE", `/api/channels/${home.channels[0]!.id}/overrides/${home.everyone_role_id}`]],
  ["see a profile", () => ["GET", `/api/users/${owner.me.id}/profile`]],
  ["see members", () => ["GET", `/api/servers/${home.id}/members`]],
  ["kick", () => ["DELETE", `/api/servers/${home.id}/members/${owner.me.id}`]],
  [
    "ask for the rules",
    () => ["PUT", `/api/servers/${home.id}/verification`, { account_minutes: 0, member_minutes: 0, rules: "" }],
  ],
  [
    "set how long a server keeps messages",
    () => ["PUT", `/api/servers/${home.id}/retention`, { message_days: 1, file_days: 0, file_mb: 0 }],
  ],
  [
    "set how long a channel keeps messages",
    () => ["PUT", `/api/channels/${home.channels[0]!.id}/retention`, { message_days: 1, file_days: 0, file_mb: 0 }],
  ],
  ["preview what a server would lose", () => ["GET", `/api/servers/${home.id}/retention/preview?message_days=1`]],
  [
    "preview what a channel would lose",
    () => ["GET", `/api/channels/${home.channels[0]!.id}/retention/preview?message_days=1`],
  ],
  ["accept the rules", () => ["PUT", `/api/servers/${home.id}/rules/acceptance`]],
  ["see the onboarding", () => ["GET", `/api/servers/${home.id}/onboarding`]],
  [
    "set the onboarding",
    () => [
      "PUT",
      `/api/servers/${home.id}/onboarding`,
      { enabled: false, welcome: "", channel_ids: [], questions: [] },
    ],
  ],
  ["answer the onboarding", () => ["PUT", `/api/servers/${home.id}/onboarding/answers`, { answer_ids: [] }]],
  ["list a server", () => ["PUT", `/api/servers/${home.id}/listing`, { is_public: true, description: "" }]],
  ["require a second factor", () => ["PUT", `/api/servers/${home.id}/second-factor`, { factor_required: true }]],
  ["turn link previews off", () => ["PUT", `/api/servers/${home.id}/link-previews`, { link_previews: false }]],
  ["join a server that is not public", () => ["POST", `/api/discovery/${home.id}`]],
  ["give a nickname", () => ["PUT", `/api/servers/${home.id}/members/${owner.me.id}/nickname`, { nickname: "N" }]],
  ["time out", () => ["PUT", `/api/servers/${home.id}/members/${owner.me.id}/timeout`, { until: null }]],
  ["see the audit log", () => ["GET", `/api/servers/${home.id}/audit-log`]],
  ["see AutoMod rules", () => ["GET", `/api/servers/${home.id}/automod/rules`]],
  ["create an AutoMod rule", () => ["POST", `/api/servers/${home.id}/automod/rules`, automodRule]],
  ["try an AutoMod rule out", () => ["POST", `/api/servers/${home.id}/automod/dry-run`, { rule: automodRule }]],
  ["change an AutoMod rule", () => ["PATCH", `/api/automod/rules/${rule.id}`, { enabled: false }]],
  ["delete an AutoMod rule", () => ["DELETE", `/api/automod/rules/${rule.id}`]],
  ["change an emoji", () => ["PATCH", `/api/servers/${home.id}/emojis/1`, { name: "xx" }]],
  ["delete an emoji", () => ["DELETE", `/api/servers/${home.id}/emojis/1`]],
  ["change a sticker", () => ["PATCH", `/api/servers/${home.id}/stickers/1`, { name: "xx" }]],
  ["delete a sticker", () => ["DELETE", `/api/servers/${home.id}/stickers/1`]],
  ["change a sound", () => ["PATCH", `/api/servers/${home.id}/sounds/1`, { name: "xx" }]],
  ["delete a sound", () => ["DELETE", `/api/servers/${home.id}/sounds/1`]],
  ["see webhooks", () => ["GET", `/api/servers/${home.id}/webhooks`]],
  ["create a webhook", () => ["POST", `/api/channels/${home.channels[0]!.id}/webhooks`, { name: "x" }]],
  ["change a webhook", () => ["PATCH", `/api/webhooks/${hook.id}`, { take_over: true }]],
  ["take a webhook's picture away", () => ["DELETE", `/api/webhooks/${hook.id}/picture`]],
  ["give a webhook a new token", () => ["PUT", `/api/webhooks/${hook.id}/token`]],
  ["delete a webhook", () => ["DELETE", `/api/webhooks/${hook.id}`]],
  ["add a bot", () => ["PUT", `/api/servers/${home.id}/bots/1`]],
  ["see reports", () => ["GET", `/api/servers/${home.id}/reports`]],
  ["change the raid mode", () => ["PUT", `/api/servers/${home.id}/raid-mode`, { until: null }]],
  ["ban many", () => ["POST", `/api/servers/${home.id}/bulk-ban`, { user_ids: [1] }]],
  ["report a message", () => ["POST", "/api/reports", { message_id: message.id, reason: "x" }]],
  [
    "delete many",
    () => ["POST", `/api/channels/${home.channels[0]!.id}/messages/bulk-delete`, { message_ids: [message.id] }],
  ],
  ["see bans", () => ["GET", `/api/servers/${home.id}/bans`]],
  ["ban", () => ["PUT", `/api/servers/${home.id}/bans/${owner.me.id}`]],
  ["unban", () => ["DELETE", `/api/servers/${home.id}/bans/${owner.me.id}`]],
  ["see invites", () => ["GET", `/api/servers/${home.id}/invites`]],
  ["invite", () => ["POST", `/api/servers/${home.id}/invites`, {}]],
  ["take an invite back", () => ["DELETE", `/api/invites/${code}`]],
  ["rename a channel", () => ["PATCH", `/api/channels/${home.channels[0]!.id}`, { name: "x" }]],
  ["delete a channel", () => ["DELETE", `/api/channels/${home.channels[0]!.id}`]],
  ["read history", () => ["GET", `/api/channels/${home.channels[0]!.id}/messages`]],
  ["send", () => ["POST", `/api/channels/${home.channels[0]!.id}/messages`, { content: "x" }]],
  ["set a server's notifications", () => ["PUT", `/api/me/notification-levels/server:${home.id}`, { level: "all" }]],
  [
    "set a channel's notifications",
    () => ["PUT", `/api/me/notification-levels/channel:${home.channels[0]!.id}`, { level: "all" }],
  ],
  ["mark read", () => ["PUT", `/api/channels/${home.channels[0]!.id}/read`, { seq: 1 }]],
  ["see posts", () => ["GET", `/api/channels/${home.channels[0]!.id}/posts`]],
  ["create a post", () => ["POST", `/api/channels/${home.channels[0]!.id}/posts`, { name: "x", content: "x" }]],
  ["see pins", () => ["GET", `/api/channels/${home.channels[0]!.id}/pins`]],
  ["pin", () => ["PUT", `/api/channels/${home.channels[0]!.id}/pins/${message.id}`]],
  ["take a pin away", () => ["DELETE", `/api/channels/${home.channels[0]!.id}/pins/${message.id}`]],
  ["see a vote", () => ["GET", `/api/messages/${message.id}/vote`]],
  ["vote", () => ["PUT", `/api/messages/${message.id}/vote`, { answers: [0] }]],
  ["see voters", () => ["GET", `/api/messages/${message.id}/voters?answer=0`]],
  ["end a poll", () => ["POST", `/api/messages/${message.id}/poll/close`]],
  ["forward", () => ["POST", `/api/messages/${message.id}/forward`, { channel_id: home.channels[0]!.id }]],
  ["see where a message came from", () => ["GET", `/api/messages/${message.id}/forward`]],
  ["see earlier texts", () => ["GET", `/api/messages/${message.id}/earlier-texts`]],
  ["mark unread", () => ["POST", `/api/messages/${message.id}/unread`]],
  ["save a message", () => ["PUT", `/api/me/saved/${message.id}`]],
  ["claim the author of a message", () => ["POST", "/api/me/author-claims", { message_id: message.id }]],
  ["save a draft", () => ["PUT", `/api/me/drafts/${home.channels[0]!.id}`, { text: "x" }]],
  [
    "schedule a message",
    () => [
      "POST",
      `/api/channels/${home.channels[0]!.id}/scheduled`,
      { content: "x", send_at: "2100-01-01T00:00:00Z" },
    ],
  ],
  ["jump to a date", () => ["GET", `/api/channels/${home.channels[0]!.id}/message-at?time=2026-01-01T00:00:00Z`]],
  ["edit", () => ["PATCH", `/api/messages/${message.id}`, { content: "x" }]],
  ["delete", () => ["DELETE", `/api/messages/${message.id}`]],
  ["remove previews", () => ["DELETE", `/api/messages/${message.id}/previews`]],
  ["react", () => ["PUT", `/api/messages/${message.id}/reactions/%F0%9F%91%8D`]],
  ["take a reaction back", () => ["DELETE", `/api/messages/${message.id}/reactions/%F0%9F%91%8D`]],
  ["read a file", () => ["GET", upload.file_url]],
  ["remove a file", () => ["DELETE", `/api/attachments/${upload.id}`]],
];

/** Calls about the own account, which need authentication only. */
const own: Call[] = [
  ["GET", "/api/auth/me"],
  ["PATCH", "/api/auth/me", { theme: "dark" }],
  ["POST", "/api/auth/password", { current_password: "x", new_password: "12345678" }],
  ["GET", "/api/auth/sessions"],
  ["DELETE", "/api/auth/sessions/x"],
  ["POST", "/api/admin/claim", { claim_token: "x" }],
  ["POST", "/api/admin/reset-links", { username: "x" }],
  ["GET", "/api/auth/security"],
  ["GET", "/api/discovery"],
  ["PUT", "/api/instance/servers/1/listing", { is_unlisted: true }],
  ["PATCH", "/api/instance/emojis/1", { name: "xx" }],
  ["DELETE", "/api/instance/emojis/1"],
  ["PATCH", "/api/instance/stickers/1", { name: "xx" }],
  ["DELETE", "/api/instance/stickers/1"],
  ["POST", "/api/auth/confirm", { password: "x" }],
  ["POST", "/api/auth/recovery-codes"],
  ["POST", "/api/auth/authenticator"],
  ["PUT", "/api/auth/authenticator", { code: "000000" }],
  ["DELETE", "/api/auth/authenticator"],
  ["POST", "/api/auth/passkeys/options"],
  ["POST", "/api/auth/passkeys", {}],
  ["DELETE", "/api/auth/passkeys/x"],
  ["GET", "/api/auth/email"],
  ["PUT", "/api/auth/email", { email: "x@example.org" }],
  ["PATCH", "/api/auth/email", {}],
  ["DELETE", "/api/auth/email"],
  ["POST", "/api/auth/email/confirm", { token: "x" }],
  ["GET", "/api/servers"],
  ["POST", "/api/servers", { name: "x" }],
  ["POST", "/api/invites/x"],
  ["GET", "/api/notifications"],
  ["POST", "/api/notifications/read", { ids: null }],
  ["PUT", "/api/me/notification-levels/account", { level: "all" }],
  ["GET", "/api/me/author-claims"],
  ["DELETE", "/api/me/author-claims/1"],
  ["GET", "/api/instance/imports/author-claims"],
  ["PUT", "/api/instance/imports/author-claims/1", { decision: "accept" }],
  ["GET", "/api/me/scheduled"],
  ["PATCH", "/api/me/scheduled/1", {}],
  ["DELETE", "/api/me/scheduled/1"],
  ["GET", "/api/me/drafts"],
  ["GET", "/api/me/gifs"],
  ["POST", "/api/me/gifs", { attachment_id: 1 }],
  ["DELETE", "/api/me/gifs/1"],
  ["POST", "/api/me/gifs/1/upload"],
  ["POST", "/api/gifs/search", {}],
  ["POST", "/api/gifs/upload", { found: "x" }],
  ["GET", "/api/me/saved"],
  ["DELETE", "/api/me/saved/1"],
  ["GET", "/api/push"],
  ["PUT", "/api/push/subscription", {}],
  ["DELETE", "/api/push/subscription"],
  ["POST", "/api/push/test"],
  ["POST", "/api/attachments"],
  ["GET", "/api/dms"],
  ["POST", "/api/dms", { user_ids: [1] }],
  ["POST", "/api/me/friends", { username: "x" }],
  ["PUT", "/api/me/friends/1"],
  ["DELETE", "/api/me/friends/1"],
  ["PUT", "/api/me/blocks/1"],
  ["DELETE", "/api/me/blocks/1"],
  ["GET", "/api/bots"],
  ["POST", "/api/bots", { username: "x" }],
  ["PUT", "/api/bots/1/token"],
  ["DELETE", "/api/bots/1"],
  ["PUT", "/api/reports/1/claim"],
  ["DELETE", "/api/reports/1/claim"],
  ["PUT", "/api/reports/1/outcome", { outcome: "acted" }],
];

/** Calls for administrators of the instance. */
const administrative: Call[] = [
  ["GET", "/api/monitor"],
  ["GET", "/api/monitor/history?range=24h"],
  ["GET", "/api/monitor/incidents"],
  ["PUT", "/api/monitor/incidents/x", { verdict: "expected" }],
  ["GET", "/api/monitor/bands?range=24h"],
  ["GET", "/api/reports"],
  ["GET", "/api/admin/mail"],
  ["POST", "/api/admin/mail/test"],
];

describe("a user outside the server", () => {
  test.each(calls)("cannot %s, and does not learn whether it exists", async (_name, call) => {
    const [method, path, body] = call();
    const answer = await outsider.request(method, path, { body });
    expect(answer).toMatchObject({ status: 404, code: "not_found" });
    const elsewhere = path.replace(/\/\d+/, "/987654321").replace(code, "no-such-code");
    const absent = await outsider.request(method, elsewhere, { body });
    expect(absent.body).toEqual(answer.body);
  });

  test("does not learn which ids are threads", async () => {
    const parent = `/api/channels/${home.channels[0]!.id}/threads`;
    const { id } = await owner.post<{ id: number }>(parent, { name: "aside", archive_after_s: 86_400 });
    for (const [method, body] of [["PATCH", { archived: "no" }], ["PATCH", { topic: 5 }], ["DELETE"]] as const) {
      const answer = await outsider.request(method, `/api/channels/${id}`, { body });
      const absent = await outsider.request(method, "/api/channels/987654321", { body });
      expect([answer.status, answer.body]).toEqual([absent.status, absent.body]);
    }
  });

  test("has changed nothing with the refused calls", async () => {
    const state = await owner.get<ServerState>(`/api/servers/${home.id}`);
    expect(state).toMatchObject({ name: home.name, member_count: 1 });
    expect(state.channels).toMatchObject(home.channels.map(({ name, position }) => ({ name, position })));
    const { messages } = await owner.get<{ messages: Message[] }>(`/api/channels/${home.channels[0]!.id}/messages`);
    expect(messages).toEqual([message]);
  });
});

describe("a server owner", () => {
  test.each(administrative)("who is not administrator may not %s %s", async (method, path) => {
    expect(await owner.request(method, path)).toMatchObject({ status: 403, code: "forbidden" });
  });
});

describe("a request without a valid token", () => {
  const ownCalls = [...own, ...administrative].map((call): (typeof calls)[number] => [
    `${call[0]} ${call[1]}`,
    () => call,
  ]);
  test.each([...calls, ...ownCalls])("cannot %s", async (_name, call) => {
    const [method, path, body] = call();
    for (const token of [null, "nonsense", `${owner.token!}x`]) {
      const stranger = new TestClient(server.url);
      stranger.token = token;
      expect(await stranger.request(method, path, { body })).toMatchObject({ status: 401, code: "unauthorized" });
    }
  });
});
