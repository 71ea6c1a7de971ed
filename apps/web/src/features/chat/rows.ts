import type { OutgoingMessage } from "@miscord/client";
import type { Message } from "@miscord/protocol";

/** A message with its separators above it. They share one row, so that the row's key stays the message's key. */
interface MessageRow {
  kind: "message";
  key: RowKey;
  message: Message;
  /** The row shows its author. Rows below it, up to the next one that starts a group, have the same author. */
  startsGroup: boolean;
  startsDay: boolean;
  /** "new": the "new messages" separator is above this row. "left": an earlier one was, and keeps its space without a label. */
  line: "new" | "left" | null;
}

interface OutgoingRow {
  kind: "outgoing";
  key: RowKey;
  outgoing: OutgoingMessage;
  startsGroup: boolean;
  startsDay: boolean;
}

export type Row = MessageRow | OutgoingRow;
export type RowKey = string | number;

const groupMs = 7 * 60_000;

export interface RowOptions {
  messages: readonly Message[];
  outbox: readonly OutgoingMessage[];
  meId: number;
  /** Position of the last message before the new ones; null when there are no new messages. */
  newAfterSeq: number | null;
  /** Positions after which an earlier "new messages" separator stood. The separator stays there, without its label. */
  leftAfterSeqs: readonly number[];
}

interface Previous {
  authorId: number;
  /** A webhook writes under several. */
  name?: string;
  at: number;
}

export function buildRows({ messages, outbox, meId, newAfterSeq, leftAfterSeqs }: RowOptions): Row[] {
  const rows: Row[] = [];
  let previous: Previous | null = null;
  const firstAfter = (seq: number) => messages.find((message) => message.seq > seq && message.author.id !== meId);
  const firstNew = newAfterSeq === null ? undefined : firstAfter(newAfterSeq);
  const left = new Set(leftAfterSeqs.map(firstAfter));
  for (const message of messages) {
    const at = Date.parse(message.timestamp);
    const line = message === firstNew ? "new" : left.has(message) ? "left" : null;
    const startsDay = !previous || !isSameDay(previous.at, at);
    rows.push({
      kind: "message",
      key: keyOf(message, meId),
      message,
      line,
      startsDay,
      startsGroup: line !== null || startsDay || message.reply_to !== null || !continues(previous, message.author, at),
    });
    previous = { authorId: message.author.id, name: message.author.display_name, at };
  }
  for (const outgoing of outbox) {
    const at = outgoing.createdAt;
    const startsDay = !previous || !isSameDay(previous.at, at);
    const startsGroup = startsDay || outgoing.replyTo !== null || !continues(previous, { id: meId }, at);
    rows.push({ kind: "outgoing", key: outgoing.nonce, outgoing, startsDay, startsGroup });
    previous = { authorId: meId, at };
  }
  return rows;
}

/** An own message keeps its outbox key (the nonce) when the server confirms it, so its row is not mounted anew. */
function keyOf(message: Message, meId: number): RowKey {
  return (message.author.id === meId && message.nonce) || message.id;
}

function continues(previous: Previous | null, author: Partial<Message["author"]>, at: number): boolean {
  if (author.is_webhook && previous?.name !== author.display_name) return false;
  return previous?.authorId === author.id && at - previous!.at < groupMs;
}

/** Compares days in the reader's time zone. Runs for every message whenever one arrives, so it formats no strings. */
function isSameDay(one: number, other: number): boolean {
  const [a, b] = [new Date(one), new Date(other)];
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();
}

export function indexOfMessage(rows: readonly Row[], messageId: number): number {
  return rows.findIndex((row) => row.kind === "message" && row.message.id === messageId);
}

/** The "new messages" separator of an open channel. */
export interface NewLine {
  /** The separator stands above the first message after this position; null when there is none. */
  afterSeq: number | null;
  /** Former positions, kept as gaps so that the rows on the screen do not move while the reader is above the end. */
  left: readonly number[];
}

export interface ReadingState {
  readSeq: number;
  lastSeq: number;
  /** The page has the focus and the newest messages are on the screen. */
  isWatching: boolean;
  /** The newest messages are on the screen, whether or not the page has the focus. */
  isAtPresent: boolean;
}

export function initialNewLine({ readSeq, lastSeq }: Pick<ReadingState, "readSeq" | "lastSeq">): NewLine {
  return { afterSeq: lastSeq > readSeq ? readSeq : null, left: [] };
}

/**
 * The separator keeps its place from when the channel was opened. It moves only when a message arrives while the reader
 * is not watching, after everything before that message had been read.
 */
export function nextNewLine(line: NewLine, { readSeq, lastSeq, isWatching, isAtPresent }: ReadingState): NewLine {
  if (isWatching || lastSeq <= readSeq) return line;
  if (line.afterSeq === null) return { afterSeq: readSeq, left: [] };
  // The user has marked the channel unread from further above.
  if (readSeq < line.afterSeq) return { afterSeq: readSeq, left: [] };
  if (readSeq === line.afterSeq) return line;
  return { afterSeq: readSeq, left: isAtPresent ? [] : [...line.left, line.afterSeq] };
}
