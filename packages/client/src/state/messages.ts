import { replyPreviewOf, type Message, type Reaction, type ReplyPreview, type User } from "@miscord/protocol";

/** Oldest first, by `seq`. Functions here return the same array when nothing changed. */
export type Messages = readonly Message[];

/**
 * Replaces the message by a newer version, or inserts it by `seq` if it `belongs` to the loaded range. The previews of
 * replies to it are updated in either case.
 */
export function putMessage(messages: Messages, message: Message, belongs: boolean): Messages {
  const index = indexOf(messages, message.id);
  const existing = messages[index];
  // Equal `updated_seq` overwrites: a whole message carries more than a single reaction event.
  if (existing && message.updated_seq < existing.updated_seq) return messages;
  const put = existing ? messages.with(index, message) : belongs ? insert(messages, message) : messages;
  if (!put.some(({ reply_to: preview }) => preview?.id === message.id)) return put;
  return updatePreviews(put, message.id, replyPreviewOf(message));
}

export function removeMessage(messages: Messages, messageId: number): Messages {
  const index = indexOf(messages, messageId);
  const left = index < 0 ? messages : messages.toSpliced(index, 1);
  return updatePreviews(left, messageId, { content: "", is_deleted: true });
}

/** Sets one emoji's reaction to its value at `seq`, unless the message is as new already. */
export function putReaction(messages: Messages, messageId: number, reaction: Reaction, seq: number): Messages {
  const index = indexOf(messages, messageId);
  const message = messages[index];
  if (!message || seq <= message.updated_seq) return messages;
  return messages.with(index, { ...message, updated_seq: seq, reactions: withReaction(message.reactions, reaction) });
}

/** Reactions from clicks that the server has not confirmed. They follow the confirmed ones. */
const unconfirmed = new WeakSet<Reaction>();

/** Applies the server's value: an emoji keeps its place while anybody has reacted with it, and a new one comes last. */
export function withReaction(reactions: readonly Reaction[], reaction: Reaction): Reaction[] {
  const existing = reactions.find((other) => other.emoji === reaction.emoji);
  const others = reactions.filter((other) => other !== existing);
  if (reaction.count === 0) return others;
  if (existing && !unconfirmed.has(existing)) return reactions.with(reactions.indexOf(existing), reaction);
  const end = others.findIndex((other) => unconfirmed.has(other));
  return others.toSpliced(end < 0 ? others.length : end, 0, reaction);
}

/** Applies a click before the server confirms it: an emoji whose count falls to 0 keeps its place until then. */
export function withClicked(reactions: readonly Reaction[], reaction: Reaction): Reaction[] {
  const index = reactions.findIndex((other) => other.emoji === reaction.emoji);
  const existing = reactions[index];
  if (existing && !unconfirmed.has(existing)) return reactions.with(index, reaction);
  if (reaction.count === 0) return reactions.filter((other) => other !== existing);
  unconfirmed.add(reaction);
  return existing ? reactions.with(index, reaction) : [...reactions, reaction];
}

/** Updates the user in the messages they wrote and in previews of those. */
export function withAuthor(messages: Messages, user: User): Messages {
  const isTheirs = (message: Message) => message.author.id === user.id || message.reply_to?.author.id === user.id;
  if (!messages.some(isTheirs)) return messages;
  return messages.map((message) => {
    if (!isTheirs(message)) return message;
    const author = message.author.id === user.id ? user : message.author;
    const replyTo = message.reply_to?.author.id === user.id ? { ...message.reply_to, author: user } : message.reply_to;
    return { ...message, author, reply_to: replyTo };
  });
}

/** Joins two ranges that overlap or touch. Of a message in both, the newer version is kept. */
export function mergeMessages(one: Messages, other: Messages): Messages {
  const byId = new Map(one.map((message) => [message.id, message]));
  for (const message of other) {
    const existing = byId.get(message.id);
    if (!existing || existing.updated_seq <= message.updated_seq) byId.set(message.id, message);
  }
  return [...byId.values()].toSorted((a, b) => a.seq - b.seq);
}

/** Index of the message, or -1. Searches from the end, since most events concern recent messages. */
export function indexOf(messages: Messages, messageId: number): number {
  return messages.findLastIndex((message) => message.id === messageId);
}

function insert(messages: Messages, message: Message): Messages {
  const before = messages.findLastIndex((other) => other.seq < message.seq);
  return messages.toSpliced(before + 1, 0, message);
}

function updatePreviews(messages: Messages, messageId: number, shown: Omit<ReplyPreview, "id" | "author">): Messages {
  const { content, is_deleted, voice_ms } = shown;
  const isStale = ({ reply_to: preview }: Message) =>
    preview?.id === messageId &&
    (preview.content !== content || preview.is_deleted !== is_deleted || preview.voice_ms !== voice_ms);
  if (!messages.some(isStale)) return messages;
  return messages.map((message) => {
    if (!isStale(message) || !message.reply_to) return message;
    const { id, author } = message.reply_to;
    const preview = { id, author, content, is_deleted, ...(voice_ms !== undefined && { voice_ms }) };
    return { ...message, reply_to: preview };
  });
}
