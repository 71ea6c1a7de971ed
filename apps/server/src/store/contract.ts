import type { AutomodRuleFields, ChannelEvent, Embed, ErrorCode, History, Message, Sticker } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { SqlDialect } from "./sql-dialect.ts";
import type { IndexSteps } from "./indexing/index-steps.ts";
import type { SearchDb } from "./search/tables.ts";
import type { Tables } from "./schema.ts";

/**
 * Durable state of an instance. All methods are asynchronous; none blocks the event loop.
 *
 * Each database has its own implementation of the log, because the log is the hot path and owns a connection. All other
 * access is portable Kysely queries over `db`, under `store/queries/`. `describeStore` tests these rules and those of
 * `ChannelLog` for any implementation:
 *
 * - S1. A transaction over `db` that throws leaves nothing behind.
 * - S2. The writes of a transaction over `db` are visible to others once it commits and not before.
 * - S3. A read-only transaction with isolation level `repeatable read` sees one snapshot, whatever others write.
 * - S4. Reads do not wait for an open write transaction.
 * - S5. Concurrent writes, through the log and `db`, wait for each other; none fails and no update is lost.
 * - S6. A violated unique constraint rejects with an error that `isUniqueViolation` recognises.
 * - S7. The epoch and all data survive a restart, after which ids and positions continue to rise.
 * - S8. `ping` resolves while the database answers and rejects after `close`.
 * - S9. `close` completes the commands accepted before it; later commands reject with `unavailable`.
 * - S10. The queries under `store/queries/` return the same on every database.
 * - S11. Where `erasesFiles` is true, the database's files hold nothing of rows and texts that were deleted or replaced
 *   before a call of `eraseDeleted` that resolved with true; in an SQLite database above 16 MB copies may be left that SQLite
 *   made when it rearranged a page.
 * - S12. Several stores opened on one database keep all rules together, as far as the database allows more than one
 *   (PostgreSQL): S5 and those of the log hold for writes of all of them.
 * - S13. The search index finds the same documents on every database, newest first, and a batch that another node has
 *   overtaken changes nothing of it.
 */
export interface Store {
  readonly dialect: SqlDialect;
  /**
   * At most 64 characters that stand for this data, created with the database. Another one after a restore from backup,
   * after data was lost, and (PostgreSQL, at run time) after a standby was promoted: positions then mean nothing.
   */
  readonly epoch: string;
  /** `listener` is called after `epoch` has changed at run time. */
  onEpochChanged(listener: () => void): void;
  /**
   * `listener` is called once the database answers again after statements got no answer (PostgreSQL): of what they changed,
   * or others before them, it is not known whether it was published.
   */
  onInterrupted(listener: () => void): void;
  readonly db: Kysely<Tables>;
  readonly log: ChannelLog;
  /** The search index, to be used through `searchIndex`. Its reads and writes do not wait for those of `db` and `log`. */
  readonly search: SearchDb;
  /** The same, for short looks at how far the index is: an instance at rest needs no thread for them. Only reads. */
  readonly searchState: SearchDb;
  /** For the one process that keeps the index: where the database is a file, they run beside the search, not in this thread. */
  readonly indexSteps: IndexSteps;
  /** Checks reads and the log's connection; see S8. */
  ping(): Promise<void>;
  /** Of this store, from what `ping` found last; asks the database nothing. */
  stats(): StoreStats;
  /** Resolves with false when readers were in the way; call it again later. See S11. */
  eraseDeleted(): Promise<boolean>;
  /**
   * Whether S11 holds. SQLite overwrites what it deletes. PostgreSQL keeps old versions of rows in its files until they
   * are vacuumed and their pages used again, and in the write-ahead log until that is recycled; no client can change this.
   */
  readonly erasesFiles: boolean;
  /** Completes accepted commands, then closes every connection; see S9. */
  close(): Promise<void>;
}

interface StoreStats {
  /** Time of a small query in milliseconds; null before the first `ping`, and when the latest failed. */
  readonly latencyMs: number | null;
  /** Connections besides the log's; null where there is no pool (SQLite). */
  readonly pool: PoolStats | null;
  /** Null where the database has none (SQLite), cannot be reached, or does not let this role see it. */
  readonly replication: ReplicationStats | null;
}

export interface PoolStats {
  readonly inUse: number;
  readonly idle: number;
  /** Queries and transactions that wait for a connection. */
  readonly waiting: number;
}

/** Standbys that follow the primary at present. */
export interface ReplicationStats {
  readonly standbys: number;
  /** Whether commits wait for at least one of them. */
  readonly isSynchronous: boolean;
}

/** How far data has come: `positions` were given in all of its channels together, deleted ones included. */
export interface Progress {
  readonly epoch: string;
  readonly positions: number;
}

/** A durable change requested by a user. `at` is the request's time in milliseconds since 1970. */
export type LogCommand =
  | SendCommand
  | EditCommand
  | DeleteCommand
  | ReactCommand
  | PinCommand
  | TouchCommand
  | ExpireFilesCommand
  | VoteCommand
  | PreviewCommand
  | RemovePreviewsCommand
  | ClosePollCommand;

/** What a webhook adds to a send or an edit. The author of its messages is the row of `users` that stands for it. */
export interface FromWebhook {
  /** Whose rights count: who made the webhook or took it over. Without `manageWebhooks` the command is refused. */
  createdBy: number;
  /** The name that the message is sent under. */
  name: string;
  /** Id of the picture that it is sent with; absent or null: none. An edit does not change it. */
  picture?: string | null;
  embeds: readonly Embed[];
}

export interface SendCommand {
  kind: "send";
  authorId: number;
  channelId: number;
  content: string;
  /** Chosen by the client and unique per author; see L3. Null: the send cannot be repeated safely. */
  nonce: string | null;
  replyToId: number | null;
  /** Unused uploads of the author, in the order in which the message shows them. */
  attachmentIds: readonly number[];
  /** Case-folded names after `@` in the text; names of members become mentions. */
  mentionNames: readonly string[];
  /** The text addresses everyone; takes effect with the permission `mentionEveryone` only. */
  mentionsEveryone: boolean;
  /** Ids in the text; takes effect for roles of the server that are mentionable, or with the same permission. */
  mentionRoles?: readonly number[];
  /** The first message of a post, which takes the right to write in its forum; until then the post is not there for others. */
  opensPost?: boolean;
  /**
   * The text addresses those who are online, and these are they, none for an author without the same permission. Absent: it
   * does not.
   */
  hereIds?: readonly number[];
  /** The line that a call leaves, not a message: see `messages.call_ms`. One about encryption sets that of the calls to come, too. */
  callMs?: number;
  webhook?: FromWebhook;
  poll?: PollFields;
  forwarded?: ForwardedFields;
  /** `shown`: as the message shows it; null: it is none that the author may use. `serverId`: null for one of the instance. */
  sticker?: { id: number; shown: Sticker | null; serverId?: number | null };
  at: number;
}

/** What another message said, whose rights the command has checked. */
export interface ForwardedFields {
  sourceId: number;
  content: string;
  writtenAt: number;
  /** As the message shows it. Absent: the other one was no sticker, or this one may not show it. */
  sticker?: Sticker | null;
}

/** A poll as its message is sent with it. */
export interface PollFields {
  /** Two at least, all different. */
  answers: readonly string[];
  multiple: boolean;
  anonymous: boolean;
  /** Null: until it is closed. */
  durationMs: number | null;
}

export interface EditCommand {
  kind: "edit";
  actorId: number;
  messageId: number;
  content: string;
  mentionNames: readonly string[];
  mentionsEveryone: boolean;
  mentionRoles?: readonly number[];
  hereIds?: readonly number[];
  /** So long the message may address no group that it does not address already: its author has notified too many people. */
  groupWaitMs?: number;
  webhook?: FromWebhook;
  at: number;
}

export interface DeleteCommand {
  kind: "delete";
  actorId: number;
  messageId: number;
  /** Part of a command that has checked the rights and is in the audit log itself: a ban, a deletion of many. */
  isPart?: boolean;
  at: number;
}

export interface ReactCommand {
  kind: "react";
  actorId: number;
  messageId: number;
  emoji: string;
  /** True adds the reaction, false removes it. */
  on: boolean;
  /** The actor may not use this emoji but to join in a reaction that is there. */
  isForeign?: boolean;
  /** Part of removing an account: checks no rights. */
  isPart?: boolean;
  at: number;
}

export interface PinCommand {
  kind: "pin";
  actorId: number;
  /** Of the message; a message of another channel is refused as `not_found`. */
  channelId: number;
  messageId: number;
  /** True pins the message, false takes the pin away. */
  on: boolean;
  at: number;
}

export interface VoteCommand {
  kind: "vote";
  actorId: number;
  messageId: number;
  /** Places of the answers, ascending, in place of those chosen before; none takes the vote back. */
  answers: readonly number[];
  /** Part of removing an account: checks no rights, and no end. */
  isPart?: boolean;
  at: number;
}

export interface ClosePollCommand {
  kind: "closePoll";
  actorId: number;
  messageId: number;
  at: number;
}

/** Makes an event of the message as it is: the thread that was started from it has changed. Checks no rights. */
export interface TouchCommand {
  kind: "touch";
  actorId: number;
  messageId: number;
  at: number;
}

/** Removes files of the message, which are too old, and counts them in it. Checks no rights. */
export interface ExpireFilesCommand {
  kind: "expire_files";
  actorId: number;
  messageId: number;
  attachmentIds: readonly number[];
  at: number;
}

/** Shows previews of pages that the message links to, in place of those shown. Checks no rights. */
export interface PreviewCommand {
  kind: "preview";
  actorId: number;
  messageId: number;
  /** The text that the previews were made for. */
  content: string;
  previews: readonly Embed[];
  at: number;
}

/** Takes the previews off the message for good. */
export interface RemovePreviewsCommand {
  kind: "remove_previews";
  actorId: number;
  messageId: number;
  at: number;
}

/** Result of a command; see L4 for refusals. */
export type LogOutcome = Committed | Refused;

export interface Committed {
  ok: true;
  /** Null in a private channel. */
  serverId: number | null;
  channelId: number;
  /** Some member may not see the channel: its activity must not go to all members. */
  isRestricted: boolean;
  /** The people of a private channel, for events that its unread counts follow from; otherwise null. */
  recipients: readonly Recipient[] | null;
  /** The channel's event; null when the command changed nothing (nonce used before, reaction already there). */
  event: ChannelEvent | null;
  /** The line that a pin leaves in the history. Its event follows `event`, with the next position. */
  line: Committed | null;
  /** The message in its current state for `send` (the first one if the nonce was used before) and `edit`; else null. */
  message: Message | null;
  /** Notifications written in the same transaction. A later command of the transaction may have deleted one again. */
  notified: readonly { notificationId: number; userId: number; kind: "mention" | "reply" }[];
  /** Whether many got a notification of kind `everyone`, `here` or `role`, unless they have one in `notified`. */
  notifiedEveryone: boolean;
  /** Users whose mention was removed by a deletion or an edit, so that their count of unread mentions may fall. */
  unmentioned: readonly number[];
  /** The message no longer addresses everyone, so that every member's count of unread mentions may fall. */
  unmentionedEveryone: boolean;
  /**
   * Whose notifications as one of a role or of those online are gone, or made anew: those whom the message addressed so or by
   * name. None where it addressed everyone.
   */
  unaddressed: readonly number[];
  /** Members named in the text who do not see the channel: neither mentioned nor notified. */
  unseeing: readonly number[];
  /**
   * Notifications that an edit takes back have lower ids than this, and any later one of the message has not; null when
   * the command is no edit that takes some back.
   */
  retractedBefore: number | null;
  /** AutoMod rules that the command met, and that do not refuse it. */
  automod: readonly AutomodMatch[];
  /** Of a message in a thread: who follows the thread from now on, whether or not they did before. */
  following: readonly number[];
  /** The message has taken the thread out of the archive. */
  isRevived: boolean;
  /** The forum of the post that the message is in; null elsewhere. */
  forumId: number | null;
  /** Storage keys of a deleted message's files, also in the table `removed_files` until they are gone. */
  removedFiles: readonly string[];
}

/** Somebody of a private channel. */
export interface Recipient {
  userId: number;
  /** The user hides the author of the command. */
  hidesAuthor: boolean;
  /** The conversation is a stranger's, and the user has not accepted it. */
  request?: "waiting" | "ignored";
}

export interface Refused {
  ok: false;
  code: ErrorCode;
  /** One English sentence. */
  message: string;
  /** When the same command may succeed. */
  retryAfterMs?: number;
  /** AutoMod rules that the command met, of which one refuses it. */
  automod?: readonly AutomodMatch[];
}

/** An AutoMod rule that a send or an edit met: what is left to do about it, after the transaction. */
export interface AutomodMatch {
  ruleId: number;
  ruleName: string;
  /** What the author of a blocked message is told. */
  message: string;
  actions: AutomodRuleFields["actions"];
  serverId: number;
  /** Owner of the server. */
  ownerId: number;
  /** Null: the author has set a name. */
  channel: { id: number; name: string; isRestricted: boolean } | null;
  author: { id: number; username: string };
  /** What met the rule: the text of the message, or the author's name. */
  text: string;
  isName: boolean;
}

/**
 * The ordered log of every channel, with group commit: commands that arrive while a transaction runs, or under load for
 * a short time after, share the next transaction. A position is the channel's `seq` after a change. Rules:
 *
 * - L1. Positions of a channel are 1, 2, 3 … without gaps, however many commands run at once.
 * - L2. Each send, edit, deletion, reaction and pin takes the channel's next position and makes one event; a command that
 *   changes nothing takes none and makes none.
 * - L3. A nonce used twice by its author returns the first message in its current state; with a different channel, reply,
 *   content or attachments it is refused with `nonce_conflict`. Once the message was edited or deleted, only channel
 *   and reply are compared.
 * - L4. A refused command changes nothing and does not affect the other commands of its transaction.
 * - L5. When the database fails, every command of the transaction rejects, nothing of it is stored and no event is seen.
 * - L6. `onCommitted` sees each event once and in the order of positions, before the promise of any command of the same
 *   transaction resolves; promises of one channel resolve in the order of positions.
 * - L7. Commands of one transaction see the effects of those before them, and only their net effect is stored.
 * - L8. Rights are checked inside the transaction, by the policy of packages/rights with the roles, overrides and time
 *   outs of that moment: who may send, attach files, react, edit their own messages, and delete. Who sees the channel is refused with
 *   `forbidden`; to all others a channel or message is `not_found`, as if it did not exist. No command commits beside a
 *   transaction over `db` that changes a right or ends a membership: it is decided before or after.
 *   In a private channel its recipients read; they write while all others accept their messages (`private-sql.ts`).
 * - L9. A message in an event, in `history`, in `changesSince` and in `message` is the same, so that state plus events
 *   equals a fresh fetch.
 * - L10. A message has content or attachments, replies to an undeleted message of its channel, and takes unused uploads
 *   of its author, each once; otherwise the command is refused.
 *   In a channel with slow mode its author waits that long since their last message, unless they manage it.
 * - L11. Text that a database cannot store is replaced before the event, and a nonce with such text is refused.
 * - L12. Mentions and notifications are written with the message: one notification per mentioned or answered member, none
 *   for the author nor for members who do not see the channel; an edit adds and deletes them with the names in the text;
 *   only who has the permission mentions everyone.
 * - L13. A deletion leaves a tombstone without content, attachments, reactions, mentions and notifications; the files of
 *   the attachments are listed in `removed_files` by the same transaction.
 * - L14. Reactions of a message are ordered by their first use, users by the time of their reaction, and a message takes
 *   at most `limits.reactionsPerMessage` different ones.
 * - L15. `history` returns pages without tombstones, oldest first, with the channel's position from the same snapshot.
 * - L16. `changesSince` returns each message changed after the position once, in its current state, tombstones included,
 *   by `updated_seq`; `changes` is null when there are more than `limit`, when their texts have more than `bytes`, or the
 *   position lies beyond the channel.
 * - L17. `history` and `changesSince` reject with `not_found` for an unknown channel or message; `message` returns null.
 * - L18. A channel has at most `limits.pinsPerChannel` pinned messages; a deleted message is not pinned.
 * - L19. In a thread the rights are those in its parent (`threadPermissions`). Who writes in it follows it, and so do those whom the
 *   message mentions, unless they hide its author; `@everyone` addresses those who follow it. A message takes it out of the archive.
 * - L20. A send or edit that meets an AutoMod rule of its server that blocks is refused with `automod_blocked` and the
 *   rule's message, by the rules of that moment; owners and those who manage the server are exempt.
 * - L21. What a webhook sends is decided by the rights that its creator has at that moment, `manageWebhooks` among them, and
 *   is refused as `not_found` without. AutoMod exempts no webhook for the rights of its creator, slow mode holds for none.
 * - L23. An edit keeps the former text, at most `limits.earlierTexts` of a message, until the message is deleted.
 * - L24. Previews are stored while the message has the text that they were made for; an edit keeps those of links that stay.
 *   Who may delete the message removes them, for good. `preview_pictures` has the pictures that messages show at present.
 * - L22. The votes of a poll are those of its ballots, one a person. Votes of one poll that share a transaction share an event
 *   with the result of all of them, unless the message has changed in between. After its end a poll takes no votes.
 */
export interface ChannelLog {
  /**
   * Resolves once the command is durable or refused. Rejects with `unavailable` when the store is closing or too many
   * commands are waiting, and with the database's error when that fails (L5).
   */
  commit(command: LogCommand): Promise<LogOutcome>;
  /** Sets the only listener, which publishes events; called synchronously for each event of a command, with `line` for that of a pin's line (L6). */
  onCommitted(listener: (outcome: Committed, command: LogCommand) => void): void;
  /** Changes after a position, with the channel's current position `seq` from the same snapshot; see L16. */
  changesSince(
    channelId: number,
    afterSeq: number,
    limit: number,
    bytes?: number,
  ): Promise<{ seq: number; changes: Message[] | null }>;
  /** One page of a channel's messages; see L15. */
  history(channelId: number, page: HistoryPage): Promise<History>;
  /** The message in its current state, tombstones included. */
  message(messageId: number): Promise<Message | null>;
}

/**
 * At most `limit` messages: the newest, or those before, after or around the message with the given id, or around a
 * position, at which no message needs to be.
 */
export type HistoryPage = { limit: number } & (
  | { before?: number }
  | { after: number }
  | { around: number }
  | { aroundSeq: number }
);
