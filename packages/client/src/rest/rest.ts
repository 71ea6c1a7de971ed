import type {
  BanBody,
  Channel,
  ChannelBody,
  ChannelOverride,
  ChannelPatch,
  ChosenStatus,
  Credentials,
  Dm,
  DmState,
  History,
  HistoryQuery,
  Inbox,
  Instance,
  Invite,
  InviteBody,
  InvitePreview,
  LoginBody,
  Me,
  MemberListPage,
  MembersAnswer,
  NicknameBody,
  Message,
  NewServerBody,
  NotificationLevelBody,
  NotificationSetting,
  OverrideBody,
  Pins,
  PrivateState,
  ProfileBody,
  ReasonBody,
  RegisterBody,
  RegistrationAnswer,
  Relationship,
  RequestAnswer,
  Role,
  RoleBody,
  RolePatch,
  SendBody,
  Server,
  ServerState,
  TimeoutBody,
  VoiceModerationBody,
} from "@miscord/protocol";
import type { AuthorizedHttp } from "./authorized-http.ts";
import type { Http } from "./http.ts";
import { threadCalls } from "./thread-calls.ts";

/** Every HTTP call except uploads. Each rejects with `ApiError`. */
export type Rest = ReturnType<typeof createRest>;

/** `anonymous` sends what needs no session: login, refresh, logout and public data. */
export function createRest(anonymous: Http, http: AuthorizedHttp) {
  return {
    ...anonymousCalls(anonymous),
    ...accountCalls(http),
    ...serverCalls(http),
    ...channelCalls(http),
    ...threadCalls(http),
    ...roleCalls(http),
    ...inviteCalls(http),
    ...messageCalls(http),
    ...inboxCalls(http),
    ...privateCalls(http),
    /** For calls of parts that are loaded later. */
    call: <T>(...request: Parameters<AuthorizedHttp["request"]>) => http.request<T>(...request),
    callOpenly: <T>(...request: Parameters<Http["request"]>) => anonymous.request<T>(...request),
  };
}

/** Exchanges the refresh cookie for a new one and an access token, or the token of a bot for an access token. */
export function refresh(http: Http, botToken?: string): Promise<Credentials> {
  if (botToken !== undefined) return http.request<Credentials>("POST", "/api/auth/bot", { body: { token: botToken } });
  // A page that is closed before the answer must still get the new cookie: after a minute without it the session is lost.
  return http.request<Credentials>("POST", "/api/auth/refresh", { keepalive: true });
}

function anonymousCalls(http: Http) {
  return {
    instance: () => http.request<Instance>("GET", "/api/instance"),
    register: (body: RegisterBody) =>
      http.request<Credentials | RegistrationAnswer>("POST", "/api/auth/register", { body }),
    login: (body: LoginBody) => http.request<Credentials>("POST", "/api/auth/login", { body }),
    refresh: () => refresh(http),
    logout: () => http.request<void>("POST", "/api/auth/logout", { keepalive: true }),
  };
}

function accountCalls(http: AuthorizedHttp) {
  return {
    me: () => http.request<Me>("GET", "/api/auth/me"),
    updateProfile: (body: ProfileBody) => http.request<Me>("PATCH", "/api/auth/me", { body }),
    setStatus: (status: ChosenStatus) => http.request<void>("PUT", "/api/auth/me/status", { body: { status } }),
    claimInstance: (claimToken: string) =>
      http.request<Me>("POST", "/api/admin/claim", { body: { claim_token: claimToken } }),
  };
}

function serverCalls(http: AuthorizedHttp) {
  const path = (serverId: number) => `/api/servers/${serverId}`;
  return {
    createServer: (body: NewServerBody) => http.request<ServerState>("POST", "/api/servers", { body }),
    listServers: async () => (await http.request<{ servers: ServerState[] }>("GET", "/api/servers")).servers,
    getServer: (serverId: number) => http.request<ServerState>("GET", path(serverId)),
    updateServer: (serverId: number, body: { name: string }) => http.request<Server>("PATCH", path(serverId), { body }),
    deleteServer: (serverId: number) => http.request<void>("DELETE", path(serverId)),
    leaveServer: (serverId: number) => http.request<void>("POST", `${path(serverId)}/leave`),
    /** Those that one of the fields selects, or all. */
    listMembers: async (serverId: number, query: { ids?: string; query?: string; joined_since?: string } = {}) =>
      (await http.request<MembersAnswer>("GET", `${path(serverId)}/members`, { query })).members,
    memberPage: (serverId: number, page: number) =>
      http.request<MembersAnswer & { list: MemberListPage }>("GET", `${path(serverId)}/members`, { query: { page } }),
    kickMember: (serverId: number, userId: number, body: ReasonBody = {}) =>
      http.request<void>("DELETE", `${path(serverId)}/members/${userId}`, { body }),
    acceptRules: (serverId: number) => http.request<void>("PUT", `${path(serverId)}/rules/acceptance`),
    setNickname: (serverId: number, userId: number, body: NicknameBody) =>
      http.request<void>("PUT", `${path(serverId)}/members/${userId}/nickname`, { body }),
    /** `until: null` ends the time out. */
    timeOutMember: (serverId: number, userId: number, body: TimeoutBody) =>
      http.request<void>("PUT", `${path(serverId)}/members/${userId}/timeout`, { body }),
    banMember: (serverId: number, userId: number, body: BanBody = {}) =>
      http.request<void>("PUT", `${path(serverId)}/bans/${userId}`, { body }),
  };
}

function channelCalls(http: AuthorizedHttp) {
  return {
    createChannel: (serverId: number, body: ChannelBody) =>
      http.request<Channel>("POST", `/api/servers/${serverId}/channels`, { body }),
    updateChannel: (channelId: number, body: ChannelPatch) =>
      http.request<Channel>("PATCH", `/api/channels/${channelId}`, { body }),
    deleteChannel: (channelId: number) => http.request<void>("DELETE", `/api/channels/${channelId}`),
    reorderChannels: (serverId: number, channelIds: readonly number[]) =>
      http.request<void>("PUT", `/api/servers/${serverId}/channels/order`, { body: { channel_ids: channelIds } }),
    moderateVoice: (channelId: number, userId: number, body: VoiceModerationBody) =>
      http.request<void>("PUT", `/api/channels/${channelId}/voice/${userId}`, { body }),
    /** Invites a participant of a stage to speak, or makes a speaker a listener again. */
    setSpeaker: (channelId: number, userId: number, isSpeaker: boolean) =>
      http.request<void>(isSpeaker ? "PUT" : "DELETE", `/api/channels/${channelId}/speakers/${userId}`),
    /** Ends a participant's call. */
    disconnectFromVoice: (channelId: number, userId: number, body: ReasonBody = {}) =>
      http.request<void>("DELETE", `/api/channels/${channelId}/voice/${userId}`, { body }),
    markRead: (channelId: number, seq: number) =>
      http.request<void>("PUT", `/api/channels/${channelId}/read`, { body: { seq } }),
  };
}

function roleCalls(http: AuthorizedHttp) {
  const held = (serverId: number, userId: number, roleId: number) =>
    `/api/servers/${serverId}/members/${userId}/roles/${roleId}`;
  const override = (channelId: number, targetId: number) => `/api/channels/${channelId}/overrides/${targetId}`;
  return {
    createRole: (serverId: number, body: RoleBody) =>
      http.request<Role>("POST", `/api/servers/${serverId}/roles`, { body }),
    updateRole: (roleId: number, body: RolePatch) => http.request<Role>("PATCH", `/api/roles/${roleId}`, { body }),
    deleteRole: (roleId: number) => http.request<void>("DELETE", `/api/roles/${roleId}`),
    giveRole: (serverId: number, userId: number, roleId: number) =>
      http.request<void>("PUT", held(serverId, userId, roleId)),
    takeRole: (serverId: number, userId: number, roleId: number) =>
      http.request<void>("DELETE", held(serverId, userId, roleId)),
    setOverride: (channelId: number, targetId: number, body: OverrideBody) =>
      http.request<void>("PUT", override(channelId, targetId), { body }),
    removeOverride: (channelId: number, targetId: number, type: ChannelOverride["type"]) =>
      http.request<void>("DELETE", override(channelId, targetId), { query: { type } }),
  };
}

function inviteCalls(http: AuthorizedHttp) {
  const path = (code: string) => `/api/invites/${encodeURIComponent(code)}`;
  return {
    createInvite: (serverId: number, body: InviteBody = {}) =>
      http.request<Invite>("POST", `/api/servers/${serverId}/invites`, { body }),
    listInvites: async (serverId: number) =>
      (await http.request<{ invites: Invite[] }>("GET", `/api/servers/${serverId}/invites`)).invites,
    revokeInvite: (code: string) => http.request<void>("DELETE", path(code)),
    /** Works without a session too; `is_member` is then always false. */
    previewInvite: (code: string) => http.requestEitherWay<InvitePreview>("GET", path(code)),
    joinInvite: async (code: string) => (await http.request<{ server: ServerState }>("POST", path(code))).server,
  };
}

function messageCalls(http: AuthorizedHttp) {
  const reaction = (messageId: number, emoji: string) =>
    `/api/messages/${messageId}/reactions/${encodeURIComponent(emoji)}`;
  return {
    listMessages: (channelId: number, query: HistoryPageQuery = {}) =>
      http.request<History>("GET", `/api/channels/${channelId}/messages`, { query: { ...query } }),
    createMessage: (channelId: number, body: SendBody) =>
      http.request<Message>("POST", `/api/channels/${channelId}/messages`, { body }),
    editMessage: (messageId: number, content: string) =>
      http.request<Message>("PATCH", `/api/messages/${messageId}`, { body: { content } }),
    listPins: (channelId: number) => http.request<Pins>("GET", `/api/channels/${channelId}/pins`),
    pinMessage: (channelId: number, messageId: number) =>
      http.request<void>("PUT", `/api/channels/${channelId}/pins/${messageId}`),
    unpinMessage: (channelId: number, messageId: number) =>
      http.request<void>("DELETE", `/api/channels/${channelId}/pins/${messageId}`),
    deleteMessage: (messageId: number) => http.request<void>("DELETE", `/api/messages/${messageId}`),
    deleteMessages: (channelId: number, messageIds: readonly number[]) =>
      http.request<void>("POST", `/api/channels/${channelId}/messages/bulk-delete`, {
        body: { message_ids: messageIds },
      }),
    addReaction: (messageId: number, emoji: string) => http.request<void>("PUT", reaction(messageId, emoji)),
    removeReaction: (messageId: number, emoji: string) => http.request<void>("DELETE", reaction(messageId, emoji)),
    deleteAttachment: (attachmentId: number) => http.request<void>("DELETE", `/api/attachments/${attachmentId}`),
  };
}

function inboxCalls(http: AuthorizedHttp) {
  return {
    listNotifications: (before?: number) => http.request<Inbox>("GET", "/api/notifications", { query: { before } }),
    setNotificationLevel: (scope: string, body: NotificationLevelBody) =>
      http.request<NotificationSetting>("PUT", `/api/me/notification-levels/${scope}`, { body }),
    markNotificationsRead: (ids: readonly number[] | null) =>
      http.request<void>("POST", "/api/notifications/read", { body: { ids } }),
  };
}

function privateCalls(http: AuthorizedHttp) {
  const recipient = (channelId: number, userId: number) => `/api/dms/${channelId}/recipients/${userId}`;
  return {
    listPrivate: () => http.request<PrivateState>("GET", "/api/dms"),
    /** With one id the channel of these two people, which may exist; with more a new group. */
    openDm: (userIds: readonly number[], name: string | null = null) =>
      http.request<DmState>("POST", "/api/dms", { body: { user_ids: userIds, name } }),
    /** Of a conversation with `is_request`. */
    answerRequest: (channelId: number, answer: RequestAnswer) =>
      http.request<void>("PUT", `/api/dms/${channelId}/request`, { body: { answer } }),
    /** Stops ringing the user, on all of their devices. */
    declineCall: (channelId: number) => http.request<void>("DELETE", `/api/dms/${channelId}/ring`),
    renameGroup: (channelId: number, name: string | null) =>
      http.request<Dm>("PATCH", `/api/dms/${channelId}`, { body: { name } }),
    addToGroup: (channelId: number, userId: number) => http.request<void>("PUT", recipient(channelId, userId)),
    /** Leaves the group when it is the user themselves. */
    removeFromGroup: (channelId: number, userId: number) => http.request<void>("DELETE", recipient(channelId, userId)),
    /** Asks to be a friend, or accepts being one. */
    addFriend: (userId: number) => http.request<void>("PUT", `/api/me/friends/${userId}`),
    addFriendNamed: (username: string) => http.request<Relationship>("POST", "/api/me/friends", { body: { username } }),
    /** Also declines a request, or takes one back. */
    removeFriend: (userId: number) => http.request<void>("DELETE", `/api/me/friends/${userId}`),
    block: (userId: number) => http.request<void>("PUT", `/api/me/blocks/${userId}`),
    unblock: (userId: number) => http.request<void>("DELETE", `/api/me/blocks/${userId}`),
  };
}

/** For administrators of the instance. */
export type HistoryPageQuery = { [Key in keyof HistoryQuery]?: number };
