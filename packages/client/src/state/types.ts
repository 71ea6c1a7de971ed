import type {
  Attachment,
  ChannelState,
  ErrorCode,
  Instance,
  Me,
  Member,
  Message,
  Notification,
  Server,
  Status,
  User,
  VoiceState,
} from "@miscord/protocol";

/** Everything the client knows. Immutable: a change makes new objects along its path and leaves the rest. */
export interface ClientState {
  instance: Instance | null;
  session: SessionState;
  connection: ConnectionState;
  /** In the order in which the member joined them. */
  serverIds: readonly number[];
  servers: Readonly<Record<number, ServerEntry>>;
  channels: Readonly<Record<number, ChannelState>>;
  /** By server, then user id; absent until loaded. */
  members: Readonly<Record<number, Readonly<Record<number, MemberEntry>>>>;
  /** Of everyone whose status is known; absent means offline. */
  presence: Readonly<Record<number, Status>>;
  /** By channel; absent until the channel was opened. */
  timelines: Readonly<Record<number, Timeline>>;
  /** By channel, then user id: who is typing, until when (milliseconds since the epoch). */
  typing: Readonly<Record<number, Readonly<Record<number, TypingEntry>>>>;
  /** By voice channel, in the order in which they came: who is in it. */
  voice: Readonly<Record<number, readonly VoiceMember[]>>;
  inbox: Inbox;
}

export interface ServerEntry extends Server {
  member_count: number;
  /** By position. */
  channelIds: readonly number[];
}

/** Without the status, which changes far more often than the rest: see `presence`. */
export type MemberEntry = Omit<Member, "status">;

export interface TypingEntry {
  user: Pick<User, "id" | "username">;
  until: number;
}

export interface VoiceMember extends VoiceState {
  is_speaking: boolean;
}

/** Newest first. */
export interface Inbox {
  notifications: readonly Notification[];
  unread: number;
  hasMore: boolean;
  loaded: boolean;
}

export interface SessionState {
  /** `unknown` until the server answered whether there is a session. */
  status: "unknown" | "anonymous" | "authenticated";
  me: Me | null;
}

/** Over which of the server's sockets: the one of today, or those of version 1. */
export type Mode = "enhanced" | "legacy";

export interface ConnectionState {
  mode: Mode;
  status: "idle" | "connecting" | "online" | "waiting" | "stopped";
  sessionId: string | null;
  /** Attempts since the last success. */
  attempt: number;
  /** Milliseconds since the epoch, while `waiting`. */
  retryAt: number | null;
  serverVersion: string | null;
  /** Which process of the server answers. */
  node: string | null;
  lastClose: { code: number; reason: string } | null;
  /** True once the servers and the inbox were loaded after the latest connect. */
  ready: boolean;
}

/** One contiguous stretch of a channel's history, oldest first, and what waits to be sent below it. */
export interface Timeline {
  status: "loading" | "ready" | "failed";
  messages: readonly Message[];
  /** Position up to which this timeline reflects the channel. */
  seq: number;
  hasOlder: boolean;
  /** True while the stretch does not reach the present (after a jump into the past). */
  hasNewer: boolean;
  loadingOlder: boolean;
  loadingNewer: boolean;
  /** Own messages that no server has confirmed yet, in the order in which they were written. */
  outbox: readonly OutgoingMessage[];
}

export interface OutgoingMessage {
  nonce: string;
  channelId: number;
  content: string;
  attachments: readonly Attachment[];
  replyTo: Message | null;
  createdAt: number;
  /** `sent`: durable, and about to arrive as a message of the channel. */
  status: "pending" | "sent" | "failed";
  /** Once `sent`. */
  seq: number | null;
  error: { code: ErrorCode; message: string } | null;
}
