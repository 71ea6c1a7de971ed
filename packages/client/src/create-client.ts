import type { ClientOptions, MiscordClient } from "./client.ts";
import { Engine } from "./engine.ts";
import { uploadAttachment } from "./rest/upload.ts";

/** A client of one Miscord instance. Nothing happens before `start`, `login` or `register`. */
export function createClient(options: ClientOptions = {}): MiscordClient {
  const engine = new Engine(options);
  return {
    store: engine.writer.store,
    rest: engine.rest,
    metrics: engine.metrics,
    voice: engine.voice,
    on: (name, listener) => engine.emitter.on(name, listener),
    ...sessionCalls(engine),
    ...channelCalls(engine),
    ...messageCalls(engine),
    ...accountCalls(engine),
  };
}

function sessionCalls(engine: Engine) {
  const { session } = engine;
  return {
    start: () => session.start(),
    register: (body) => session.register(body),
    login: (body) => session.login(body),
    logout: () => session.logout(),
    reloadMe: () => session.reloadMe(),
    close: () => engine.close(),
    setMode: (mode) => engine.setMode(mode),
    reconnect: ({ force = false } = {}) => engine.reconnect(force),
  } satisfies Partial<MiscordClient>;
}

function channelCalls({ timelines, paging, reads }: Engine) {
  return {
    openChannel: (channelId, { around } = {}) => timelines.open(channelId, around),
    closeChannel: (channelId) => timelines.close(channelId),
    loadOlder: (channelId) => paging.loadOlder(channelId),
    loadNewer: (channelId) => paging.loadNewer(channelId),
    jumpToPresent: (channelId) => paging.jumpToPresent(channelId),
    jumpTo: (channelId, messageId) => paging.jumpTo(channelId, messageId),
    markRead: (channelId, seq) => reads.mark(channelId, seq),
  } satisfies Partial<MiscordClient>;
}

function messageCalls({ outgoing, typing, reactions, rest, http }: Engine) {
  return {
    sendMessage(channelId, draft) {
      typing.sent(channelId);
      return outgoing.send(channelId, draft);
    },
    retryMessage: (channelId, nonce) => outgoing.outbox.retry(channelId, nonce),
    discardMessage: (channelId, nonce) => outgoing.outbox.discard(channelId, nonce),
    editMessage: async (messageId, content) => void (await rest.editMessage(messageId, content)),
    deleteMessage: (messageId) => rest.deleteMessage(messageId),
    setReaction: (messageId, emoji, on) => reactions.set(messageId, emoji, on),
    sendTyping: (channelId) => typing.tell(channelId),
    uploadAttachment: (file, options) => uploadAttachment(http, file, options),
  } satisfies Partial<MiscordClient>;
}

function accountCalls({ account, ownStatus }: Engine) {
  return {
    setStatus: (status) => ownStatus.set(status),
    loadMembers: (serverId) => account.loadMembers(serverId),
    loadInbox: () => account.loadInbox(),
    loadMoreInbox: () => account.loadMoreInbox(),
    markNotificationsRead: (ids) => account.markNotificationsRead(ids),
  } satisfies Partial<MiscordClient>;
}
