import type {
  Announcement,
  Attachment,
  ChannelState,
  CustomEmoji,
  CustomStatus,
  Dm,
  ErrorCode,
  Instance,
  ListedPost,
  Me,
  Member,
  MemberListGroup,
  Message,
  Notification,
  NotificationSetting,
  PostOrder,
  Relationship,
  Ring,
  OwnVote,
  PollDraft,
  Reminder,
  Role,
  Server,
  Status,
  Thread,
  User,
  VoiceState,
  ServerSound,
  Sticker,
} from "@miscord/protocol";
import type { Removal } from "./removed-notifications.ts";

/** The client's state. Immutable: a change creates new objects along its path and reuses the others. */
export interface ClientState {
  instance: Instance | null;
  /** What administrators tell everybody; it may have ended. */
  announcement: Announcement | null;
  session: SessionState;
  connection: ConnectionState;
  /** In the order in which the user joined them. */
  serverIds: readonly number[];
  servers: Readonly<Record<number, ServerEntry>>;
  /** Private channels too. */
  channels: Readonly<Record<number, ChannelEntry>>;
  /** What only private channels have, by channel id. */
  dms: Readonly<Record<number, DmEntry>>;
  /** What only threads have, by channel id: those that the user follows, and others that were opened. */
  threads: Readonly<Record<number, ThreadEntry>>;
  /** What others are to the user, by user id. */
  relationships: Readonly<Record<number, RelationshipEntry>>;
  /** By channel id: its position when its `mention_count` was counted, at least. */
  countedAt: Readonly<Record<number, number>>;
  /** By server id, then user id: those whom the client was told of; see `MiscordClient.knowMembers`. */
  members: Readonly<Record<number, Readonly<Record<number, MemberEntry>>>>;
  /** By server id: what is shown of its member list. */
  memberLists: Readonly<Record<number, MemberListState>>;
  /**
   * By user id; absent means offline or unknown. Up to date for people of private channels, friends, and those on the pages of
   * member lists that are shown.
   */
  presence: Readonly<Record<number, Status>>;
  /** By user id, with `presence`; those that have ended are removed at the time. */
  customStatuses: Readonly<Record<number, CustomStatus>>;
  /** By channel id; absent until the channel was opened. */
  timelines: Readonly<Record<number, Timeline>>;
  /** By channel id: the posts of forums that are open. */
  forums: Readonly<Record<number, ForumList>>;
  /** By channel id, then user id: who is typing. */
  typing: Readonly<Record<number, Readonly<Record<number, TypingEntry>>>>;
  /** By id of a voice channel, or of a private one: the participants of its call, in the order in which they joined. */
  voice: Readonly<Record<number, readonly VoiceMember[]>>;
  inbox: Inbox;
  /** By message id: what the user has chosen in polls; absent until loaded. */
  votes: Readonly<Record<number, OwnVote>>;
}

/** A channel of a server; a private one, without server and overrides; or a thread, without overrides. */
export interface ChannelEntry extends Omit<ChannelState, "server_id" | "type"> {
  server_id: number | null;
  type: ChannelState["type"] | Dm["type"] | Thread["type"];
}

export interface DmEntry {
  /** All of its people, the user too, in the order in which they came. */
  recipients: readonly User[];
  name: string | null;
  owner_id: number | null;
  icon_url: string | null;
  /** False: somebody has turned the encryption of its calls off. */
  calls_encrypted?: false | undefined;
  last_message_at: string;
  /** A stranger's, which the user has neither accepted nor ignored. */
  isRequest: boolean;
  /** Whom its call rings. */
  rings: readonly Ring[];
}

export interface ThreadEntry extends Omit<Thread, "id" | "server_id" | "type" | "name"> {
  is_following: boolean;
}

/** The beginning of a forum's list, as far as it is loaded. */
export interface ForumList {
  status: "loading" | "ready" | "failed";
  order: PostOrder;
  /** Ids: only posts with one of them are shown; empty: all. */
  tags: readonly number[];
  /** The one pinned last first. */
  pinned: readonly ListedPost[];
  posts: readonly ListedPost[];
  /** `ms-id` of the last post that is loaded; null when all are. */
  cursor: string | null;
}

export interface RelationshipEntry {
  user: User;
  kind: Relationship["kind"];
}

export interface ServerEntry extends Server {
  /** By position, the base role first. */
  roles: readonly Role[];
  /** Ascending by their ids; absent on older servers. */
  emojis?: readonly CustomEmoji[] | undefined;
  stickers?: readonly CustomEmoji[] | undefined;
  sounds?: readonly ServerSound[] | undefined;
  /** The user's own roles besides the base role. */
  role_ids: readonly number[];
  /** Until then the user may only read; null, or in the past: no time out. */
  timed_out_until: string | null;
  joined_at: string;
  rules_accepted: boolean;
  onboarded: boolean;
  member_count: number;
  /** By position. */
  channelIds: readonly number[];
  /** The user's own setting; absent when everything is inherited. */
  notifications?: NotificationSetting | undefined;
}

export interface MemberListState {
  /** Those of the whole list, in their order. */
  groups: readonly MemberListGroup[];
  /** By number: ids of the members on the pages that are shown, in their order. */
  pages: Readonly<Record<number, readonly number[]>>;
  /** Numbers of the pages that are shown, or will be once the server has sent them. */
  wanted: readonly number[];
}

/**
 * Without the status, which changes far more often than the rest: see `presence`. `display_name` is the nickname of a member who
 * has one in the server.
 */
export interface MemberEntry extends Omit<Member, "status" | "custom_status"> {
  /** The display name of the account. */
  account_name: string;
}

export interface TypingEntry {
  user: Pick<User, "id" | "username">;
  /** Milliseconds since the epoch. */
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
  /** The account's notification setting; absent when nothing is set. */
  setting?: NotificationSetting;
  /** Of saved messages: those whose time has come, the latest first. */
  reminders: readonly Reminder[];
  /** What was removed last: a notification that these select and that arrives later is ignored. */
  removals: readonly Removal[];
}

export interface SessionState {
  /** `unknown` until the server has answered whether there is a session. */
  status: "unknown" | "anonymous" | "authenticated";
  me: Me | null;
}

/** `enhanced`: `/ws/main` and `/ws/voice`. `legacy`: the sockets of version 1. */
export type Mode = "enhanced" | "legacy";

export interface ConnectionState {
  mode: Mode;
  status: "idle" | "connecting" | "online" | "waiting" | "stopped";
  /** Id of the session (the durable login) that the connection is authenticated with; null while disconnected. */
  sessionId: string | null;
  /** Connection attempts since the last success. */
  attempt: number;
  /** When the next attempt is made, in milliseconds since the epoch, while `waiting`. */
  retryAt: number | null;
  serverVersion: string | null;
  /** Name of the instance (server process) that holds the connection. */
  node: string | null;
  lastClose: { code: number; reason: string } | null;
  /** True once the servers and the inbox were loaded after the latest connect. */
  ready: boolean;
}

/** One contiguous range of a channel's history, oldest first, and the user's unsent messages below it. */
export interface Timeline {
  status: "loading" | "ready" | "failed";
  messages: readonly Message[];
  /** Position up to which this timeline includes the channel's events. */
  seq: number;
  hasOlder: boolean;
  /** True while newer messages exist that are not loaded (after a jump into the past). */
  hasNewer: boolean;
  loadingOlder: boolean;
  loadingNewer: boolean;
  /** Pinned messages, the latest pin first; null until loaded, and after a jump of the position. */
  pins: readonly Message[] | null;
  /** The user's messages that the server has not confirmed, in the order in which they were written. */
  outbox: readonly OutgoingMessage[];
}

/** A message of this client that is in the channel. */
export interface ArrivedMessage {
  readonly nonce: string;
  readonly id: number;
  readonly seq: number;
}

export interface OutgoingMessage {
  nonce: string;
  channelId: number;
  content: string;
  attachments: readonly Attachment[];
  replyTo: Message | null;
  poll?: PollDraft;
  sticker?: Sticker;
  /** Milliseconds since the epoch, by the client's clock. */
  createdAt: number;
  /** `sent`: acknowledged, and not yet received as a message of the channel. */
  status: "pending" | "sent" | "failed";
  /** Position in the channel, once `sent`. */
  seq: number | null;
  error: { code: ErrorCode; message: string } | null;
}
