import type {
  Attachment,
  ChosenStatus,
  LoginBody,
  MainEvent,
  Me,
  Member,
  Message,
  Notification,
  NotificationLevelBody,
  NotificationScope,
  PollDraft,
  RegisterBody,
  Sticker,
} from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { Metrics } from "./metrics/metrics.ts";
import type { OutboxPersistence } from "./outbox/persistence.ts";
import type { Platform } from "./platform.ts";
import type { UploadOptions, UploadSource } from "./rest/upload.ts";
import type { Rest } from "./rest/rest.ts";
import type { LogoutMark } from "./session/logout-mark.ts";
import type { ForumQuery } from "./state/reduce-forums.ts";
import type { ClientState, Mode, OutgoingMessage } from "./state/types.ts";
import type { Voice } from "./voice/voice.ts";

export interface ClientOptions extends Partial<Platform> {
  /** Origin of the HTTP API, without `/api`; empty means the page's own origin. */
  baseUrl?: string;
  /** Origin of the WebSockets. Default: `ws_url` of `GET /api/instance`, then `baseUrl`. */
  wsUrl?: string;
  /** Default: `enhanced`. */
  mode?: Mode;
  /** Stores unsent messages, so that they survive a reload and the end of the page. */
  persistence?: OutboxPersistence | null;
  /** For a bot: its token, in place of a login. `start` connects. */
  botToken?: string;
  /** Stores that a logout has not reached the server yet, so that it survives a reload. */
  logoutMark?: LogoutMark;
}

export interface MiscordClient {
  readonly store: StoreApi<ClientState>;
  readonly rest: Rest;
  readonly metrics: Metrics;
  readonly voice: Voice;

  /**
   * Asks the server whether there is a session, and connects if so. Resolves when the server has answered, retrying
   * for as long as it is unreachable.
   */
  start(): Promise<void>;
  /** Null where an administrator has to accept the account before anybody can log in to it. */
  register(body: RegisterBody): Promise<Me | null>;
  login(body: LoginBody): Promise<Me>;
  /** Asks with a call of another part, and logs in when it answers with credentials. Resolves with the answer. */
  enter<Answer extends object>(ask: () => Promise<Answer>): Promise<Answer>;
  /**
   * Ends the session and clears its data, even if the server cannot be reached; the next `start` then repeats the
   * logout first.
   */
  logout(): Promise<void>;
  /** Ends the connections and every timer. The session on the server stays valid. */
  close(): void;
  /**
   * Reconnects now instead of after the backoff: for a click, the `online` event, or a page that becomes visible. An
   * established connection is only probed with a heartbeat; `force` replaces it.
   */
  reconnect(options?: { force?: boolean }): void;
  /**
   * Switches between the sockets of today and those of version 1. No message is lost or shown twice; a call is
   * rejoined.
   */
  setMode(mode: Mode): void;

  /**
   * Loads the newest page of history (or the page around a message) and subscribes to the channel. Resolves when
   * loaded, or when the timeline's status is `failed`.
   */
  openChannel(channelId: number, options?: { around?: number }): Promise<void>;
  /** Unsubscribes after 30 s. The timelines of the ten channels closed last stay in the state. */
  closeChannel(channelId: number): void;
  loadOlder(channelId: number): Promise<void>;
  loadNewer(channelId: number): Promise<void>;
  jumpToPresent(channelId: number): Promise<void>;
  /** Loads the page around a message if it is not loaded. Resolves to false when the message does not exist. */
  jumpTo(channelId: number, messageId: number): Promise<boolean>;
  /**
   * Loads the page around a position, such as `read_seq`, if it is above the loaded messages: one request, however far
   * away it is. Resolves to the first message of another user after the position, else to the first one after it, or to
   * null when none follows.
   */
  jumpToFirstAfter(channelId: number, seq: number): Promise<Message | null>;

  /**
   * Puts a message into the outbox and returns its nonce. Messages of a channel are sent in order, and each appears
   * once
   * however often it is resent; a message that is refused stays in the timeline's outbox as `failed`.
   */
  sendMessage(channelId: number, draft: MessageDraft): string;
  retryMessage(channelId: number, nonce: string): void;
  discardMessage(channelId: number, nonce: string): void;
  editMessage(messageId: number, content: string): Promise<void>;
  deleteMessage(messageId: number): Promise<void>;
  /** Loads the pinned messages of an open channel into its timeline, where events keep them up to date. */
  loadPins(channelId: number): Promise<void>;
  setPin(message: Pick<Message, "id" | "channel_id">, on: boolean): Promise<void>;
  /** Shown at once, and reverted when the server refuses it. */
  setReaction(messageId: number, emoji: string, on: boolean): Promise<void>;
  /** What the user chooses in polls; loaded when it is first asked for. */
  votes(): Promise<Votes>;
  /** Call it on every keystroke: at most one event every 3 s is sent. */
  sendTyping(channelId: number): void;
  /** Marks the channel read up to `seq`. Lower values than before are ignored; resent until the server confirms. */
  markRead(channelId: number, seq: number): void;
  setStatus(status: ChosenStatus): void;
  /** Whether somebody looks at this client now: while one is looked at, none of the user's devices gets a push. */
  setAttention(isActive: boolean): void;
  uploadAttachment(file: UploadSource, options?: UploadOptions): Promise<Attachment>;
  /** Shows the servers before the main connection is established, which loads them again. */
  loadServers(): Promise<void>;

  /**
   * Shows pages of the server's member list, `limits.membersPage` members each, in place of those shown before: they appear in
   * `memberLists` and are kept up to date with the status of those on them. At most `limits.membersPagesInSight`.
   */
  watchMembers(serverId: number, pages: readonly number[]): void;
  /** Shows the first page of the list, unless others are shown; resolves once its members are known. */
  loadMembers(serverId: number): Promise<void>;
  /** Loads those of the users who are members and not known yet, soon and together with others. */
  knowMembers(serverId: number, userIds: readonly number[]): void;
  /** Asks for these members also if they are known: the status of those who are not in sight may be an earlier one. */
  refreshMembers(serverId: number, userIds: readonly number[]): Promise<void>;
  /** Members with the text in a name, the best first, at most `limits.membersFound`; they are known from then on. */
  findMembers(serverId: number, text: string): Promise<readonly Member[]>;
  /** Members who joined then or later, the latest first, at most `limits.bulkBan`; they are known from then on. */
  findNewcomers(serverId: number, since: Date): Promise<readonly Member[]>;
  /**
   * The private channel of the user and one other, or with several a new group. Resolves to its id once it is in the state.
   */
  openDm(userIds: readonly number[], name?: string | null): Promise<number>;
  /**
   * Shows the beginning of a forum's list of posts in `forums`, where events keep it up to date; with another query the list
   * is loaded anew. Rejects when the code for it could not be loaded.
   */
  openForum(forumId: number, query: ForumQuery): Promise<void>;
  /** Stops after 30 s. */
  closeForum(forumId: number): void;
  loadMorePosts(forumId: number): Promise<void>;
  /** Loads a thread into the state, to be opened like any channel. Resolves to false when there is none that the user sees. */
  loadThread(threadId: number): Promise<boolean>;
  /** Accepts the rules of the server, which may be needed to write there: `heldBackIn`. */
  acceptRules(serverId: number): Promise<void>;
  loadInbox(): Promise<void>;
  loadMoreInbox(): Promise<void>;
  /** Sets what the user is notified of in the scope; fields that are absent stay as they are. */
  setNotificationLevel(scope: NotificationScope, change: NotificationLevelBody): Promise<void>;
  markNotificationsRead(ids: readonly number[] | null): Promise<void>;
  /** Call it after changing the own profile: no event carries the fields that only the user sees. */
  reloadMe(): Promise<void>;

  /** Returns a function that removes the listener. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void;
}

export interface Votes {
  /** Loads what the user has chosen in a poll into the state's `votes`, where events keep it up to date. */
  load(messageId: number): Promise<void>;
  /**
   * Replaces what the user chose; shown at once, and reverted when the server refuses it. One request of a poll is on its way at a
   * time, with the latest choice last.
   */
  cast(messageId: number, choice: Choice): Promise<void>;
}

/** Answers by their places, or what they are after those that the user has chosen until now. */
export type Choice = readonly number[] | ((chosen: readonly number[]) => readonly number[]);

export interface MessageDraft {
  content: string;
  attachments?: readonly Attachment[];
  replyTo?: Message | null;
  /** The message is a poll, and `content` the question. */
  poll?: PollDraft;
  /** The message is this sticker, and `content` its name between colons, which older servers send as a text. */
  sticker?: Sticker;
}

export interface ClientEvents {
  /** A new message of an open channel, live or replayed after a reconnect. */
  message: Message;
  notification: Notification;
  /** Ids of notifications that were shown and are gone, with their message, channel, server or membership. */
  notifications_removed: readonly number[];
  message_acked: { nonce: string; id: number; channelId: number; seq: number };
  message_failed: OutgoingMessage;
  /** The user lost a server by a kick, a ban or its deletion by another user. */
  removed_from_server: { serverId: number; name: string; reason: "kicked" | "banned" | "deleted" };
  /** The server no longer accepts the session. */
  session_lost: undefined;
  /** Every event received, before it changes the state. */
  event: MainEvent;
}
