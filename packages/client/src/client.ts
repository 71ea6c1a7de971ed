import type {
  Attachment,
  ChosenStatus,
  LoginBody,
  MainEvent,
  Me,
  Message,
  Notification,
  RegisterBody,
} from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { Metrics } from "./metrics/metrics.ts";
import type { OutboxPersistence } from "./outbox/persistence.ts";
import type { Platform } from "./platform.ts";
import type { UploadOptions, UploadSource } from "./rest/upload.ts";
import type { Rest } from "./rest/rest.ts";
import type { LogoutMark } from "./session/logout-mark.ts";
import type { ClientState, Mode, OutgoingMessage } from "./state/types.ts";
import type { Voice } from "./voice/voice.ts";

export interface ClientOptions extends Partial<Platform> {
  /** Where `/api` is; empty for the page's own origin. */
  baseUrl?: string;
  /** Origin of the sockets; by default what `GET /api/instance` says, then `baseUrl`. */
  wsUrl?: string;
  /** Default: `enhanced`. */
  mode?: Mode;
  /** Lets unsent messages survive a reload. */
  persistence?: OutboxPersistence;
  /** Lets a logout that the server has not heard of survive a reload. */
  logoutMark?: LogoutMark;
}

export interface MiscordClient {
  readonly store: StoreApi<ClientState>;
  readonly rest: Rest;
  readonly metrics: Metrics;
  readonly voice: Voice;

  /** Finds out whether there is a session, and connects if so. Resolves once that is known, however long the server is away. */
  start(): Promise<void>;
  register(body: RegisterBody): Promise<Me>;
  login(body: LoginBody): Promise<Me>;
  /** Forgets everything of this session, whether or not the server could be told; if not, the next `start` tells it first. */
  logout(): Promise<void>;
  /** Ends the connection and every timer. The session on the server lives on. */
  close(): void;
  /**
   * At once rather than when the backoff says: for a click, `online`, and a page that becomes visible. A connection
   * that is up is only probed, unless `force`.
   */
  reconnect(options?: { force?: boolean }): void;
  /** Drops one kind of sockets and goes on over the other: nothing is lost or shown twice, a call is entered anew. */
  setMode(mode: Mode): void;

  /** Loads the newest page (or the one around a message) and follows the channel. Resolves when loaded; failures show in the timeline. */
  openChannel(channelId: number, options?: { around?: number }): Promise<void>;
  /** The channel is followed for a while longer, and its timeline kept while it is among the latest ones. */
  closeChannel(channelId: number): void;
  loadOlder(channelId: number): Promise<void>;
  loadNewer(channelId: number): Promise<void>;
  jumpToPresent(channelId: number): Promise<void>;
  /** False when the message does not exist (any more). */
  jumpTo(channelId: number, messageId: number): Promise<boolean>;

  /**
   * Puts a message into the outbox and returns its nonce. It goes out once, in the order of the channel, as soon as there
   * is a connection; a message that cannot be sent stays in the timeline's outbox as `failed`.
   */
  sendMessage(channelId: number, draft: MessageDraft): string;
  retryMessage(channelId: number, nonce: string): void;
  discardMessage(channelId: number, nonce: string): void;
  editMessage(messageId: number, content: string): Promise<void>;
  deleteMessage(messageId: number): Promise<void>;
  /** Shows at once, and goes back when the server refuses. */
  setReaction(messageId: number, emoji: string, on: boolean): Promise<void>;
  /** Call it on every keystroke: it is throttled here. */
  sendTyping(channelId: number): void;
  /** Never moves backwards. Kept until there is a connection. */
  markRead(channelId: number, seq: number): void;
  setStatus(status: ChosenStatus): void;
  uploadAttachment(file: UploadSource, options?: UploadOptions): Promise<Attachment>;

  loadMembers(serverId: number): Promise<void>;
  loadInbox(): Promise<void>;
  loadMoreInbox(): Promise<void>;
  markNotificationsRead(ids: readonly number[] | null): Promise<void>;
  /** After a change of the profile: what others see comes by event, what only oneself sees by this. */
  reloadMe(): Promise<void>;

  /** Returns the way to stop listening. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void;
}

export interface MessageDraft {
  content: string;
  attachments?: readonly Attachment[];
  replyTo?: Message | null;
}

export interface ClientEvents {
  /** A message of a followed channel: as it arrives, or caught up with after a loss. */
  message: Message;
  notification: Notification;
  message_acked: { nonce: string; id: number; channelId: number; seq: number };
  message_failed: OutgoingMessage;
  /** Not by one's own doing. */
  removed_from_server: { serverId: number; name: string; reason: "kicked" | "banned" | "deleted" };
  /** The server ended the session. */
  session_lost: undefined;
  /** Everything that arrives, before it changes the state. */
  event: MainEvent;
}
