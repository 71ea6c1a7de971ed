import { OwnStatus } from "./actions/own-status.ts";
import { Attention } from "./actions/attention.ts";
import { Reactions } from "./actions/reactions.ts";
import { Typing } from "./actions/typing.ts";
import type { ClientEvents, ClientOptions, MiscordClient } from "./client.ts";
import type { ClientContext } from "./client-context.ts";
import { socketUrl } from "./connection/socket-url.ts";
import { createVoice } from "./create-voice.ts";
import { EventEmitter } from "./event-emitter.ts";
import { Lifecycle } from "./lifecycle.ts";
import { ConnectionMetrics } from "./metrics/connection-metrics.ts";
import { TrafficCounter } from "./metrics/traffic-counter.ts";
import { ModeTransport } from "./mode-transport.ts";
import { OutgoingMessages } from "./outbox/outgoing-messages.ts";
import { createPlatform } from "./platform.ts";
import { AccessToken } from "./rest/access-token.ts";
import { AuthorizedHttp } from "./rest/authorized-http.ts";
import { Http } from "./rest/http.ts";
import { toApiError } from "./rest/api-error.ts";
import { createRest, refresh, type Rest } from "./rest/rest.ts";
import { Session } from "./session/session.ts";
import { AccountSync } from "./sync/account-sync.ts";
import { EventRouter } from "./sync/event-router.ts";
import { LazyForums } from "./sync/lazy-forums.ts";
import { Members } from "./sync/members.ts";
import { HistoryPaging } from "./sync/history-paging.ts";
import { ReadPositions } from "./sync/read-positions.ts";
import { StateWriter } from "./sync/state-writer.ts";
import { TimedEnds } from "./sync/timed-ends.ts";
import { Timelines } from "./sync/timelines.ts";

/**
 * A client of one Miscord instance, built of its parts in the order in which they need each other. It sends nothing
 * before `start`, `login` or `register`.
 */
export function createClient(options: ClientOptions = {}): MiscordClient {
  const { baseUrl = "", wsUrl, persistence = null, logoutMark = null, botToken } = options;
  const platform = createPlatform(options);
  const { store, update, defer } = new StateWriter(options.mode ?? "enhanced");
  const state = () => store.getState();
  const emitter = new EventEmitter<ClientEvents>();
  const anonymous = new Http(platform, baseUrl);
  const token = new AccessToken({ platform, refresh: () => refresh(anonymous, botToken) });
  const http = new AuthorizedHttp(anonymous, token);
  const rest = createRest(anonymous, http);
  const urlOf = (path: string) => socketUrl(wsUrl ?? state().instance?.ws_url ?? baseUrl, path);
  const traffic = new TrafficCounter();
  const transport = new ModeTransport({ platform, tokens: token, rest, observer: traffic, state, urlOf });
  const send: ClientContext["send"] = (command) => transport.send(command);
  const reconnect = () => transport.reconnect(true);
  const context: ClientContext = { clock: platform.clock, rest, state, update, defer, send, reconnect };

  const outgoing = new OutgoingMessages({ context, emitter, persistence, probe: () => transport.reconnect(false) });
  const timelines = new Timelines({ context, outgoing, onMessage: (message) => emitter.emit("message", message) });
  const paging = new HistoryPaging(context, timelines);
  const reads = new ReadPositions(context);
  const members = new Members(context);
  const forums = new LazyForums(context);
  const account = new AccountSync({ context, emitter, members, withOwnReads: reads.over, random: platform.random });
  const typing = new Typing(context, () => transport.backlog);
  const reactions = new Reactions(context);
  const ownStatus = new OwnStatus(context);
  const attention = new Attention(context);
  const router = new EventRouter({ context, emitter, account, forums, members, timelines, outgoing, reads, typing });
  transport.events.on("events", (events) => router.receive(events));
  transport.events.on("interrupted", (channelId) => timelines.interrupted(channelId));

  const metrics = new ConnectionMetrics({ clock: platform.clock, traffic, transport, outbox: outgoing.outbox });
  const voice = createVoice({ platform, tokens: token, rest, state, urlOf });
  const followers = [metrics, timelines, forums, members, account, reads, ownStatus, attention, outgoing];
  const timedEnds = new TimedEnds(context, store);
  const caches = [members, timelines, forums, reads, typing, ownStatus, timedEnds];
  const lifecycle = new Lifecycle({ context, emitter, transport, voice, metrics, outgoing, followers, caches });
  const session = new Session({ platform, rest, token, logoutMark, state, update, lifecycle });
  token.events.on("renewed", ({ access_token }) => {
    transport.authenticate(access_token);
    voice.authenticate(access_token);
  });

  return {
    store,
    rest,
    metrics,
    voice,
    on: (name, listener) => emitter.on(name, listener),
    ...sessionCalls(session, lifecycle, token),
    ...channelCalls(timelines, paging, reads),
    ...messageCalls(outgoing, typing, rest),
    ...accountCalls(account, ownStatus),
    setAttention: (isActive) => attention.set(isActive),
    ...memberCalls(members),
    ...forumCalls(forums),
    setReaction: (messageId, emoji, on) => reactions.set(messageId, emoji, on),
    // Polls are rare: their code is loaded with the first one.
    votes: async () => (await import("./actions/votes.ts")).votesOf(context),
    uploadAttachment: (file, uploadOptions) => upload(http, file, uploadOptions),
  };
}

/** Most visits upload nothing. When the code cannot be loaded, that is tried again with the file. */
async function upload(http: AuthorizedHttp, ...file: Parameters<MiscordClient["uploadAttachment"]>) {
  const { uploadAttachment } = await import("./rest/upload.ts").catch((error) => Promise.reject(toApiError(error)));
  return uploadAttachment(http, ...file);
}

function sessionCalls(session: Session, lifecycle: Lifecycle, token: AccessToken) {
  return {
    start: () => session.start(),
    register: (body) => session.register(body),
    login: (body) => session.login(body),
    enter: (ask) => session.enterBy(ask),
    logout: () => session.logout(),
    close() {
      session.close();
      lifecycle.close();
      token.clear();
    },
    setMode: (mode) => lifecycle.setMode(mode),
    reconnect({ force = false } = {}) {
      session.wake();
      lifecycle.reconnect(force);
    },
  } satisfies Partial<MiscordClient>;
}

function channelCalls(timelines: Timelines, paging: HistoryPaging, reads: ReadPositions) {
  return {
    openChannel: (channelId, { around } = {}) => timelines.open(channelId, around),
    closeChannel: (channelId) => timelines.close(channelId),
    loadOlder: (channelId) => paging.loadOlder(channelId),
    loadNewer: (channelId) => paging.loadNewer(channelId),
    loadPins: async (channelId) => timelines.follower(channelId)?.loadPins(),
    jumpToPresent: (channelId) => paging.jumpToPresent(channelId),
    jumpTo: (channelId, messageId) => paging.jumpTo(channelId, messageId),
    jumpToFirstAfter: (channelId, seq) => paging.jumpToFirstAfter(channelId, seq),
    markRead: (channelId, seq) => reads.mark(channelId, seq),
  } satisfies Partial<MiscordClient>;
}

function messageCalls(outgoing: OutgoingMessages, typing: Typing, rest: Rest) {
  return {
    sendMessage(channelId, draft) {
      typing.messageSent(channelId);
      return outgoing.send(channelId, draft);
    },
    retryMessage: (channelId, nonce) => outgoing.outbox.retry(channelId, nonce),
    discardMessage: (channelId, nonce) => outgoing.outbox.discard(channelId, nonce),
    editMessage: async (messageId, content) => void (await rest.editMessage(messageId, content)),
    setPin: ({ id, channel_id }, on) => (on ? rest.pinMessage(channel_id, id) : rest.unpinMessage(channel_id, id)),
    deleteMessage: (messageId) => rest.deleteMessage(messageId),
    sendTyping: (channelId) => typing.send(channelId),
  } satisfies Partial<MiscordClient>;
}

function forumCalls(forums: LazyForums) {
  return {
    openForum: (forumId, query) => forums.open(forumId, query),
    closeForum: (forumId) => void forums.close(forumId).catch(() => {}),
    loadMorePosts: (forumId) => forums.loadMore(forumId),
  } satisfies Partial<MiscordClient>;
}

function memberCalls(members: Members) {
  return {
    watchMembers: (serverId, pages) => members.watch(serverId, pages),
    loadMembers: (serverId) => members.load(serverId),
    knowMembers: (serverId, userIds) => members.know(serverId, userIds),
    refreshMembers: (serverId, userIds) => members.refresh(serverId, userIds),
    findMembers: (serverId, text) => members.find(serverId, text),
    findNewcomers: (serverId, since) => members.findSince(serverId, since),
  } satisfies Partial<MiscordClient>;
}

function accountCalls(account: AccountSync, ownStatus: OwnStatus) {
  return {
    reloadMe: () => account.reloadMe(),
    acceptRules: (serverId) => account.acceptRules(serverId),
    setStatus: (status) => ownStatus.set(status),
    loadServers: () => account.loadServers(),
    openDm: (userIds, name) => account.openDm(userIds, name),
    loadThread: (threadId) => account.loadThread(threadId),
    loadInbox: () => account.loadInbox(),
    setNotificationLevel: (scope, change) => account.setNotificationLevel(scope, change),
    loadMoreInbox: () => account.loadMoreInbox(),
    markNotificationsRead: (ids) => account.markNotificationsRead(ids),
  } satisfies Partial<MiscordClient>;
}
