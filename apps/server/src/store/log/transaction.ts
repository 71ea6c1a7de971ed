import type { AuthorRow } from "../present-message.ts";
import type { RecipientFacts } from "../private-sql.ts";
import type { AuditRow } from "../audit-row.ts";
import type { EarlierTextRow, ForwardRow } from "../message-tables.ts";
import type { BallotRow, PollRow } from "../poll-tables.ts";
import type { AttachmentRow, MessageRow, NotificationRow, ReactionRow } from "../schema.ts";

/** Databases may answer synchronously or asynchronously. */
type Awaitable<Value> = Value | Promise<Value>;

export interface ChannelFacts {
  id: number;
  /** Null for a private channel. */
  server_id: number | null;
  /** Of the server; 0 in a private channel, as the next one. */
  owner_id: number;
  name: string;
  type: string;
  seq: number;
  last_message_seq: number;
  everyone_role_id: number;
  /** Permissions of the server's base role. */
  everyone: number | null;
  /** Of `rights-sql.ts`. */
  overrides: string | null;
  restricted: number;
  /** Some member may not see it: `restricted`, of a thread that of its parent, as a thread is always restricted. */
  hidden_from_some: number;
  /** Raid mode of the server. */
  raid_since: number | null;
  raid_until: number | null;
  /** What the server asks of members before they write; null in a private channel. */
  verify_account_minutes: number | null;
  verify_member_minutes: number | null;
  has_rules: number;
  slow_mode_s: number;
  /** With slow mode: when the authors of the batch wrote last, as `user time,user time`; null without. */
  last_sends: string | null;
  /** Of the server's AutoMod rules; 0 without any, null in a private channel. */
  automod_version: number | null;
  /** The next ones: see `schema.ts`. Null but for threads. */
  parent_id: number | null;
  active_at: number | null;
  archive_after_s: number | null;
  archived: number;
  locked: number;
}

/** The thread that was started from a message. */
export interface StartedThread {
  starter_id: number;
  id: number;
  name: string;
}

/** An enabled rule; `fields` as in the table. */
export interface AutomodRuleRow {
  id: number;
  server_id: number;
  fields: string;
}

/** What a member wrote last in a server, as `automod.ts` writes it. */
export interface AutomodSends {
  server_id: number;
  user_id: number;
  sends: string;
}

export type PersonFacts = AuthorRow & { is_admin: number; created_at: number };
export interface MemberKey {
  server_id: number;
  user_id: number;
}
/** `roles` and `owner`: of `rights-sql.ts`. */
export type MemberFacts = MemberKey & {
  roles: string | null;
  timed_out_until: number | null;
  joined_at: number;
  nickname: string | null;
  rules_accepted_at: number | null;
  /** 1: the server requires a second factor of those who moderate, and the member has none. */
  lacks_factor: number;
  owner: string | null;
};
type MentionRow = MemberFacts & { username_key: string };
interface NonceKey {
  author_id: number;
  nonce: string;
}
export interface MentionKey {
  message_id: number;
  user_id: number;
}

/** A role that a message names. */
export interface MentionedRole {
  id: number;
  server_id: number;
  mentionable: number;
}

export interface PinCount {
  channel_id: number;
  count: number;
}

/**
 * What a database implements for the log: reading rows by key and writing rows inside one transaction. The decide-*
 * functions decide what to write. Results are in no particular order unless stated, and omit unknown keys.
 */
export interface LogTransaction {
  /** Distinct ids of the messages' channels. Callable before locking, as a message never moves to another channel. */
  channelIdsOf(messageIds: readonly number[]): Awaitable<number[]>;
  /** Locks the channels against other writers until the transaction ends, in the order of ids to avoid deadlocks. */
  lockChannels(ids: readonly number[], authorIds: readonly number[]): Awaitable<ChannelFacts[]>;
  messages(ids: readonly number[]): Awaitable<MessageRow[]>;
  messagesByNonce(keys: readonly NonceKey[]): Awaitable<MessageRow[]>;
  people(ids: readonly number[]): Awaitable<PersonFacts[]>;
  members(keys: readonly MemberKey[]): Awaitable<MemberFacts[]>;
  membersByName(keys: readonly { server_id: number; username_key: string }[]): Awaitable<MentionRow[]>;
  attachments(ids: readonly number[]): Awaitable<AttachmentRow[]>;
  /** By ordinal, then id. */
  attachmentsOf(messageIds: readonly number[]): Awaitable<AttachmentRow[]>;
  /** By position, then seq. */
  reactionsOf(messageIds: readonly number[]): Awaitable<ReactionRow[]>;
  mentionsOf(messageIds: readonly number[]): Awaitable<MentionKey[]>;
  /** Whom the messages address as one of a role, or of those who were online. */
  groupMentionsOf(messageIds: readonly number[]): Awaitable<MentionKey[]>;
  polls(messageIds: readonly number[]): Awaitable<PollRow[]>;
  forwards(messageIds: readonly number[]): Awaitable<ForwardRow[]>;
  ballots(keys: readonly MentionKey[]): Awaitable<BallotRow[]>;
  threadsOf(messageIds: readonly number[]): Awaitable<StartedThread[]>;
  mentionedRoles(ids: readonly number[]): Awaitable<MentionedRole[]>;
  /** Numbers of pinned messages in the channels of these messages; channels without any are absent. */
  pinCounts(messageIds: readonly number[]): Awaitable<PinCount[]>;
  /** Of private channels. */
  recipientsOf(channelIds: readonly number[]): Awaitable<RecipientFacts[]>;
  /** The enabled rules of the servers, by id. */
  automodRules(serverIds: readonly number[]): Awaitable<AutomodRuleRow[]>;
  automodSends(keys: readonly MemberKey[]): Awaitable<AutomodSends[]>;
  /** Ids never used before, ascending. Unused ones may leave gaps between ids. */
  reserveIds(table: "messages" | "notifications", count: number): Awaitable<number[]>;
  write(changes: LogChanges): Awaitable<void>;
}

/** The fields that all rows of a message to everyone share. */
export type EveryoneNotification = Pick<NotificationRow, "actor_id" | "server_id" | "created_at"> & {
  channel_id: number;
  message_id: number;
};

/** A notification of those members in `targets`, a JSON list: ids of roles, or of users who are online. */
export type GroupNotification = EveryoneNotification & { targets: string };

/** Net effect of a batch. Removals are applied before insertions. */
export interface LogChanges {
  channels: Pick<ChannelFacts, "id" | "seq" | "last_message_seq">[];
  /** Private channels in which a line says so. */
  changedEncryption: { id: number; unencrypted: number }[];
  newMessages: MessageRow[];
  /** Only content, updated_seq, mentions_everyone, mention_roles, edited_at, deleted_at, pinned_at, files_removed, voice_ms, webhook, previews and sticker differ. */
  changedMessages: MessageRow[];
  /** Only message_id and ordinal differ. */
  attachments: AttachmentRow[];
  /** Their storage keys go into `removed_files`. */
  removedAttachments: AttachmentRow[];
  removedMentions: MentionKey[];
  newMentions: (MentionKey & { channel_id: number; seq: number })[];
  removedReactions: ReactionRow[];
  newReactions: ReactionRow[];
  /** Of a message, only the latest `limits.earlierTexts` stay. */
  newEarlierTexts: Omit<EarlierTextRow, "id">[];
  /** Messages whose earlier texts and what they forwarded are gone. */
  removedTexts: { message_id: number }[];
  newForwards: ForwardRow[];
  /** Messages whose pictures of previews are those of `newPreviewPictures` from now on. */
  changedPreviews: { message_id: number }[];
  newPreviewPictures: { message_id: number; picture: string }[];
  newPolls: PollRow[];
  /** Only ends_at, counts and voters differ. */
  changedPolls: PollRow[];
  /** Polls that go, with their ballots. */
  removedPolls: Pick<PollRow, "message_id">[];
  /** In place of those of the same person. */
  newBallots: BallotRow[];
  /** One user's mention notifications of the message; all its notifications when `user_id` is null. */
  removedNotifications: { message_id: number; user_id: number | null }[];
  newNotifications: NotificationRow[];
  /** Messages that take back their notifications of kind `everyone`, `here` and `role`. */
  removedEveryone: { message_id: number }[];
  /**
   * Messages that notify every member who sees the channel but the author: one row a member, for those who have none of
   * this message. Written last, in one statement a message, with ids of its own.
   */
  newEveryone: EveryoneNotification[];
  /** As `newEveryone`, written before it; whoever is notified is mentioned through a group, too. */
  newRoles: GroupNotification[];
  newHere: GroupNotification[];
  /** Messages in private channels, which the devices of their people are told of. */
  newPrivate: Pick<MessageRow, "id" | "channel_id" | "author_id" | "created_at">[];
  /** When somebody wrote last in a channel with slow mode; replaces an earlier time. */
  lastSends: { channel_id: number; user_id: number; sent_at: number }[];
  /** Replace what was there. */
  automodSends: AutomodSends[];
  /** Threads in which somebody has written: active now, and in no archive. */
  activeThreads: Pick<ChannelFacts, "id" | "active_at">[];
  /** Who follows a thread from now on, but for those who hide the author; those who do already are not changed. */
  newFollowers: { channel_id: number; user_id: number; author_id: number }[];
  /** What moderators did. */
  newAuditEntries: AuditRow[];
}
