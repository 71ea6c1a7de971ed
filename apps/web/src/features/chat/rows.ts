import type { OutgoingMessage } from "@miscord/client";
import type { Message } from "@miscord/protocol";

/** A message with what stands above it. One row carries all, so that its key, the message, is all that a row can be lost by. */
interface MessageRow {
  kind: "message";
  key: RowKey;
  message: Message;
  /** Shows its author; the rows below it, until the next such one, are theirs too. */
  startsGroup: boolean;
  startsDay: boolean;
  /** The line "new messages" stands above it, or stood there and has left its place. */
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
  /** Messages after this position are new; null: none are. */
  newAfterSeq: number | null;
  /** After these they were. */
  leftAfterSeqs: readonly number[];
}

interface Previous {
  authorId: number;
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
      startsGroup:
        line !== null || startsDay || message.reply_to !== null || !continues(previous, message.author.id, at),
    });
    previous = { authorId: message.author.id, at };
  }
  for (const outgoing of outbox) {
    const at = outgoing.createdAt;
    const startsDay = !previous || !isSameDay(previous.at, at);
    const startsGroup = startsDay || outgoing.replyTo !== null || !continues(previous, meId, at);
    rows.push({ kind: "outgoing", key: outgoing.nonce, outgoing, startsDay, startsGroup });
    previous = { authorId: meId, at };
  }
  return rows;
}

/** One's own message keeps the key that it had in the outbox: its row stays in place when it arrives. */
function keyOf(message: Message, meId: number): RowKey {
  return (message.author.id === meId && message.nonce) || message.id;
}

function continues(previous: Previous | null, authorId: number, at: number): boolean {
  return previous?.authorId === authorId && at - previous.at < groupMs;
}

/** In the reader's time zone. Asked for every message each time one arrives, so it makes no strings. */
function isSameDay(one: number, other: number): boolean {
  const [a, b] = [new Date(one), new Date(other)];
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();
}

export function indexOfMessage(rows: readonly Row[], messageId: number): number {
  return rows.findIndex((row) => row.kind === "message" && row.message.id === messageId);
}
