import type { AuthorRow } from "../present-message.ts";
import type { AttachmentRow, MessageRow, NotificationRow, ReactionRow } from "../schema.ts";

/** A dialect may answer at once or later. */
type Awaitable<Value> = Value | Promise<Value>;

export interface ChannelFacts {
  id: number;
  server_id: number;
  owner_id: number;
  type: string;
  seq: number;
  last_message_seq: number;
}

export type PersonFacts = AuthorRow & { is_admin: number };
interface MemberKey {
  server_id: number;
  user_id: number;
}
interface MentionRow extends MemberKey {
  username_key: string;
}
interface NonceKey {
  author_id: number;
  nonce: string;
}
export interface MentionKey {
  message_id: number;
  user_id: number;
}

/**
 * All that a dialect has to know about the log: how to read rows by key and write rows, inside one transaction.
 * What to do with them is decided by the rules beside this file. Unknown keys are left out of the answers.
 */
export interface LogTransaction {
  /** A message never moves to another channel, so this may be asked before anything is locked. */
  channelIdsOf(messageIds: readonly number[]): Awaitable<number[]>;
  /** Keeps every other writer out of these channels until the transaction ends; locked in the order of their ids. */
  lockChannels(ids: readonly number[]): Awaitable<ChannelFacts[]>;
  messages(ids: readonly number[]): Awaitable<MessageRow[]>;
  messagesByNonce(keys: readonly NonceKey[]): Awaitable<MessageRow[]>;
  people(ids: readonly number[]): Awaitable<PersonFacts[]>;
  members(keys: readonly MemberKey[]): Awaitable<MemberKey[]>;
  membersByName(keys: readonly { server_id: number; username_key: string }[]): Awaitable<MentionRow[]>;
  attachments(ids: readonly number[]): Awaitable<AttachmentRow[]>;
  /** By ordinal, then id. */
  attachmentsOf(messageIds: readonly number[]): Awaitable<AttachmentRow[]>;
  /** By position, then seq. */
  reactionsOf(messageIds: readonly number[]): Awaitable<ReactionRow[]>;
  mentionsOf(messageIds: readonly number[]): Awaitable<MentionKey[]>;
  /** Ids that no row has had or will have, ascending; those that go unused leave a gap, which is harmless. */
  reserveIds(table: "messages" | "notifications", count: number): Awaitable<number[]>;
  write(changes: LogChanges): Awaitable<void>;
}

export type EveryoneNotification = Pick<NotificationRow, "actor_id" | "server_id" | "created_at"> & {
  channel_id: number;
  message_id: number;
};

/** The net effect of a batch. Rows that go are to be removed before those that come are inserted. */
export interface LogChanges {
  channels: Pick<ChannelFacts, "id" | "seq" | "last_message_seq">[];
  newMessages: MessageRow[];
  /** Only content, updated_seq, mentions_everyone, edited_at and deleted_at differ. */
  changedMessages: MessageRow[];
  /** Only message_id and ordinal differ. */
  attachments: AttachmentRow[];
  removedMentions: MentionKey[];
  newMentions: (MentionKey & { channel_id: number; seq: number })[];
  removedReactions: ReactionRow[];
  newReactions: ReactionRow[];
  /** Mentions of one person, or all notices of a message. */
  removedNotifications: { message_id: number; user_id: number | null }[];
  newNotifications: NotificationRow[];
  /** Messages that take back their notifications of kind `everyone`. */
  removedEveryone: { message_id: number }[];
  /**
   * Messages that notify every member of the server but the author: one row a member, for those who have none of this
   * message. Written last, in one statement a message, with ids of its own.
   */
  newEveryone: EveryoneNotification[];
}
