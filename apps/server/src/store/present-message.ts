import {
  contentWithEmbeds,
  deletedUsername,
  previewText,
  type Attachment,
  type Embed,
  type Message,
  type Poll,
  type Reaction,
  type ReplyPreview,
  type Sticker,
  type User,
} from "@miscord/protocol";
import type { ForwardRow } from "./message-tables.ts";
import { addressOf } from "./picture-address.ts";
import type { PollRow } from "./poll-tables.ts";
import { previewsOf } from "./previews-column.ts";
import type { AttachmentRow, MessageRow, ReactionRow, UserRow } from "./schema.ts";
import { programs } from "./webhook-tables.ts";

export type AuthorRow = Pick<UserRow, "id" | "username" | "display_name" | "avatar_color" | "picture" | "program">;

/** A message with the rows that belong to it. Lists are in display order. */
export interface MessageParts {
  row: MessageRow;
  /** Null in a private channel. */
  serverId: number | null;
  author: AuthorRow;
  replyTo: {
    row: Pick<MessageRow, "id" | "content" | "deleted_at" | "webhook" | "voice_ms">;
    author: AuthorRow;
  } | null;
  attachments: readonly AttachmentRow[];
  /** By position, then seq. */
  reactions: readonly ReactionRow[];
  /** User ids, ascending. */
  mentions: readonly number[];
  /** Started from the message. */
  thread: { id: number; name: string } | null;
  poll: PollRow | null;
  forward: ForwardRow | null;
}

/** What `messages.webhook` holds, as JSON. */
export interface WebhookParts {
  /** The name under which the message was sent. */
  name: string;
  /** Of `pictures`. */
  picture?: string;
  embeds?: readonly Embed[];
}

export function webhookParts({ webhook }: Pick<MessageRow, "webhook">): WebhookParts | null {
  return webhook === null ? null : (JSON.parse(webhook) as WebhookParts);
}

/** Values of `messages.mentions_everyone`. */
export const mentionsAll = 1;
export const mentionsHere = 2;

/**
 * Values of `messages.call_ms`: a call that nobody answered, what somebody has changed of the calls to come, and the line that says
 * who has pinned the message that it answers.
 */
export const missedCall = -1;
export const unencrypted = -2;
export const encryptedAgain = -3;
export const pinLine = -4;

/** The line says what holds for the calls of a conversation. */
export function isEncryptionLine(ms: number | null): boolean {
  return ms === unencrypted || ms === encryptedAgain;
}

/** Of a row that is a line in the history, not a message. */
function presentLine(ms: number): Pick<Message, "call" | "notice"> {
  if (ms === pinLine) return { notice: "pin" };
  if (isEncryptionLine(ms)) return { call: { duration_s: 0, encryption: ms === unencrypted ? "off" : "on" } };
  return { call: { duration_s: ms === missedCall ? null : Math.round(ms / 1_000) } };
}

/** Of `messages.mention_roles`. */
export function roleIdsOf(text: string | null): number[] {
  return text === null ? [] : text.split(",").map(Number);
}

/** The only function that builds a wire message: events and later fetches must be equal (L9 in contract.ts). */
export function presentMessage({
  row,
  serverId,
  author,
  replyTo,
  attachments,
  reactions,
  mentions,
  thread,
  poll,
  forward,
}: MessageParts): Message {
  const sent = webhookParts(row);
  return {
    id: row.id,
    seq: row.seq,
    updated_seq: row.updated_seq,
    channel_id: row.channel_id,
    channelId: row.channel_id,
    server_id: serverId,
    content: row.content,
    timestamp: isoTime(row.created_at),
    edited_at: row.edited_at === null ? null : isoTime(row.edited_at),
    is_edited: row.edited_at !== null,
    is_deleted: row.deleted_at !== null,
    ...(row.nonce === null ? {} : { nonce: row.nonce }),
    author: presentAuthor(author, sent),
    attachments: attachments.map(presentAttachment),
    reactions: presentReactions(reactions),
    reply_to: replyTo && presentReply(replyTo),
    mentions: [...mentions],
    mentions_everyone: row.mentions_everyone === mentionsAll,
    ...(row.mentions_everyone === mentionsHere ? { mentions_here: true as const } : {}),
    ...(row.mention_roles === null ? {} : { mention_roles: roleIdsOf(row.mention_roles) }),
    ...(row.call_ms === null || row.deleted_at !== null ? {} : presentLine(row.call_ms)),
    ...(row.pinned_at === null ? {} : { pinned_at: isoTime(row.pinned_at) }),
    ...(thread === null || row.deleted_at !== null ? {} : { thread: { id: thread.id, name: thread.name } }),
    ...(row.files_removed === 0 ? {} : { files_removed: row.files_removed }),
    ...presentEmbeds(row, sent),
    ...(poll === null || row.deleted_at !== null ? {} : { poll: presentPoll(poll) }),
    ...(forward === null || row.deleted_at !== null ? {} : { forwarded: presentForward(forward) }),
    ...(row.sticker === null ? {} : { sticker: JSON.parse(row.sticker) as Sticker }),
  };
}

function presentEmbeds(row: MessageRow, sent: WebhookParts | null): Pick<Message, "embeds"> {
  const embeds = [...(sent?.embeds ?? []), ...previewsOf(row)];
  return embeds.length === 0 ? {} : { embeds };
}

export function presentPoll({ answers, counts, multiple, anonymous, ends_at, voters }: PollRow): Poll {
  const votes = placesOf(counts);
  return {
    answers: (JSON.parse(answers) as string[]).map((text, place) => ({ text, votes: votes[place] ?? 0 })),
    multiple: multiple === 1,
    anonymous: anonymous === 1,
    ends_at: ends_at === null ? null : isoTime(ends_at),
    voters,
  };
}

function presentForward({ content, written_at, sticker }: ForwardRow): NonNullable<Message["forwarded"]> {
  const shown = sticker === null ? {} : { sticker: JSON.parse(sticker) as Sticker };
  return { content, timestamp: isoTime(written_at), ...shown };
}

/** Of `ballots.answers` and `polls.counts`. */
export function placesOf(text: string): number[] {
  return text === "" ? [] : text.split(",").map(Number);
}

function presentAuthor(author: AuthorRow, sent: WebhookParts | null): User {
  const user = presentUser(author);
  if (sent === null) return user;
  return { ...user, display_name: sent.name, ...(sent.picture && { avatar_url: addressOf(sent.picture) }) };
}

/** By `users.program`. */
const marks: Readonly<Record<number, Pick<User, "is_bot" | "is_webhook" | "is_placeholder">>> = {
  [programs.bot]: { is_bot: true },
  [programs.webhook]: { is_webhook: true },
  [programs.placeholder]: { is_placeholder: true },
};

export function presentUser({ id, username, display_name, avatar_color, picture, program }: AuthorRow): User {
  const mark = marks[program];
  const user = { id, username, display_name, avatar_url: addressOf(picture), avatar_color, ...mark };
  // The picture itself is removed with everything else of the account, some seconds after the name.
  return username === deletedUsername(id) ? { ...user, avatar_url: null, is_deleted: true } : user;
}

export function presentAttachment(row: AttachmentRow): Attachment {
  return {
    id: row.id,
    file_url: `/api/attachments/${row.id}/${encodeURIComponent(row.filename.toWellFormed())}`,
    filename: row.filename,
    size: row.size,
    content_type: row.content_type,
    ...(row.width === null || row.height === null ? {} : { width: row.width, height: row.height }),
    ...(row.animated === 1 && { animated: true as const }),
    ...(row.credit !== null && { credit: row.credit }),
    ...(row.duration_ms === null || row.waveform === null
      ? {}
      : { duration_ms: row.duration_ms, waveform: row.waveform }),
  };
}

/** Of a message with these attachments. */
export function voiceMsOf(attachments: readonly Pick<AttachmentRow, "duration_ms">[]): number | null {
  return attachments.find(({ duration_ms }) => duration_ms !== null)?.duration_ms ?? null;
}

/** Rows of one message, grouped by emoji in the order of the rows. */
export function presentReactions(rows: readonly ReactionRow[]): Reaction[] {
  const reactions = new Map<string, Reaction>();
  for (const { emoji, user_id } of rows) {
    const reaction = reactions.get(emoji);
    if (reaction) {
      reaction.count += 1;
      reaction.user_ids.push(user_id);
    } else {
      reactions.set(emoji, { emoji, count: 1, user_ids: [user_id] });
    }
  }
  return [...reactions.values()];
}

function presentReply({ row, author }: NonNullable<MessageParts["replyTo"]>): ReplyPreview {
  const isDeleted = row.deleted_at !== null;
  const sent = webhookParts(row);
  const text = row.content || contentWithEmbeds({ content: "", ...(sent?.embeds && { embeds: sent.embeds }) });
  return {
    id: row.id,
    content: isDeleted ? "" : previewText(text),
    is_deleted: isDeleted,
    author: presentAuthor(author, sent),
    ...(row.voice_ms === null || isDeleted ? {} : { voice_ms: row.voice_ms }),
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
