import type { ChannelEvent, ErrorCode, History, Message } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Dialect } from "./sql-dialect.ts";
import type { Tables } from "./schema.ts";

/**
 * Durable state. Asynchronous throughout; nothing here blocks the event loop.
 *
 * The log is each dialect's own, because it is the hot path and owns a connection. Everything else is
 * queries over `db`, written once in portable Kysely under `store/queries/`.
 */
export interface Store {
  readonly dialect: Dialect;
  /** Identity of this body of data; a restore from backup changes it. */
  readonly epoch: string;
  readonly db: Kysely<Tables>;
  readonly log: ChannelLog;
  /** Resolves when the database answers; rejects when it does not. */
  ping(): Promise<void>;
  /** Finishes what was accepted, then lets go of every connection. */
  close(): Promise<void>;
}

/** A durable change that somebody asks for. `at` is milliseconds since the epoch. */
export type LogCommand = SendCommand | EditCommand | DeleteCommand | ReactCommand;

export interface SendCommand {
  kind: "send";
  authorId: number;
  channelId: number;
  content: string;
  nonce: string | null;
  replyToId: number | null;
  attachmentIds: readonly number[];
  /** Case-folded names after `@`; those that are members become mentions. */
  mentionNames: readonly string[];
  /** Asked for; granted to the server's owner and to administrators. */
  mentionsEveryone: boolean;
  at: number;
}

export interface EditCommand {
  kind: "edit";
  actorId: number;
  messageId: number;
  content: string;
  mentionNames: readonly string[];
  mentionsEveryone: boolean;
  at: number;
}

export interface DeleteCommand {
  kind: "delete";
  actorId: number;
  messageId: number;
  at: number;
}

export interface ReactCommand {
  kind: "react";
  actorId: number;
  messageId: number;
  emoji: string;
  on: boolean;
  at: number;
}

/** What became of a command. A refusal never disturbs the commands beside it. */
export type LogOutcome = Committed | Refused;

export interface Committed {
  ok: true;
  serverId: number;
  channelId: number;
  /** The channel's event, or null when the command changed nothing (nonce seen before, reaction already there). */
  event: ChannelEvent | null;
  /** Whole and as it now stands, for `send` (the first message, when the nonce was seen before) and `edit`. */
  message: Message | null;
  /** Notification rows written in the same transaction: who gets which. A later command may have taken one back. */
  notified: readonly { notificationId: number; userId: number; kind: "mention" | "reply" }[];
  /** Every member but the author has a notification row of kind `everyone`, unless one of `notified` is theirs. */
  notifiedEveryone: boolean;
  /** People whose count of unread mentions this took back (deletion, or an edit that drops a mention). */
  unmentioned: readonly number[];
  /** It addressed everyone and no longer does: the counts of all members may have fallen. */
  unmentionedEveryone: boolean;
}

export interface Refused {
  ok: false;
  code: ErrorCode;
  message: string;
}

/**
 * The ordered log of every channel.
 *
 * Atomic group commit: commands that arrive while a transaction runs, or under load for a moment after, share the
 * next one, on a connection of its own. Nonces are resolved before positions are taken, so positions have no gaps;
 * channel rows are locked in id order. Membership and authorship are checked inside the transaction.
 */
export interface ChannelLog {
  /**
   * Resolves once the command is durable or refused. Rejects only when the database fails; then nothing of
   * its transaction is there.
   *
   * Outcomes of one channel resolve in the order of their positions, and `onCommitted` sees them in that order,
   * synchronously, before any promise of theirs resolves.
   */
  commit(command: LogCommand): Promise<LogOutcome>;
  /** Set once by the composition root: the step from durable to visible. Sees every command that changed something. */
  onCommitted(listener: (outcome: Committed, command: LogCommand) => void): void;
  /**
   * Everything of the channel that changed after `afterSeq`, each message once and as it now stands, by
   * `updated_seq`; `null` when that is more than `limit` or `afterSeq` lies beyond the channel. Channel position and
   * changes come from one snapshot. Like `history`, rejects with `not_found` when there is no such channel.
   */
  changesSince(channelId: number, afterSeq: number, limit: number): Promise<{ seq: number; changes: Message[] | null }>;
  /** A page by `seq`, tombstones left out, newest last, with the position that it reflects (one snapshot). */
  history(channelId: number, page: HistoryPage): Promise<History>;
  /** The message as it now stands, tombstones included; null when there is none. */
  message(messageId: number): Promise<Message | null>;
}

export type HistoryPage = { limit: number } & ({ before?: number } | { after: number } | { around: number });
