import { replyPreviewOf, type Message, type Reaction, type User } from "@miscord/protocol";

/** Oldest first, by `seq`; every function returns the same array when nothing changed. */
export type Messages = readonly Message[];

/**
 * Puts a message over its older state, or where its position says if it `belongs` to the stretch. Previews of replies to it
 * follow in any case.
 */
export function putMessage(messages: Messages, message: Message, belongs: boolean): Messages {
  const index = indexOf(messages, message.id);
  const existing = messages[index];
  // Equal positions overwrite: the whole message is more than what a single event told about it.
  if (existing && message.updated_seq < existing.updated_seq) return messages;
  const put = existing ? messages.with(index, message) : belongs ? insert(messages, message) : messages;
  if (!put.some(({ reply_to: preview }) => preview?.id === message.id)) return put;
  const { content, is_deleted } = replyPreviewOf(message);
  return updatePreviews(put, message.id, content, is_deleted);
}

export function removeMessage(messages: Messages, messageId: number): Messages {
  const index = indexOf(messages, messageId);
  const left = index < 0 ? messages : messages.toSpliced(index, 1);
  return updatePreviews(left, messageId, "", true);
}

/** `reaction` is how the emoji stands at `seq`, and replaces what was known of it. */
export function putReaction(messages: Messages, messageId: number, reaction: Reaction, seq: number): Messages {
  const index = indexOf(messages, messageId);
  const message = messages[index];
  if (!message || seq <= message.updated_seq) return messages;
  return messages.with(index, { ...message, updated_seq: seq, reactions: withReaction(message.reactions, reaction) });
}

/** Chips that only this client shows yet: among those that the server knows they have no place. */
const unconfirmed = new WeakSet<Reaction>();

/** As the server tells it: a chip keeps its place while anyone holds it, and a new one stands last. */
export function withReaction(reactions: readonly Reaction[], reaction: Reaction): Reaction[] {
  const existing = reactions.find((other) => other.emoji === reaction.emoji);
  const others = reactions.filter((other) => other !== existing);
  if (reaction.count === 0) return others;
  if (existing && !unconfirmed.has(existing)) return reactions.with(reactions.indexOf(existing), reaction);
  const end = others.findIndex((other) => unconfirmed.has(other));
  return others.toSpliced(end < 0 ? others.length : end, 0, reaction);
}

/** As a click leaves it: what nobody holds any more keeps its place, empty, until the server says so too. */
export function withClicked(reactions: readonly Reaction[], reaction: Reaction): Reaction[] {
  const index = reactions.findIndex((other) => other.emoji === reaction.emoji);
  const existing = reactions[index];
  if (existing && !unconfirmed.has(existing)) return reactions.with(index, reaction);
  if (reaction.count === 0) return reactions.filter((other) => other !== existing);
  unconfirmed.add(reaction);
  return existing ? reactions.with(index, reaction) : [...reactions, reaction];
}

/** What a person is called now, wherever their messages show it. */
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

/** Two stretches that overlap or touch, as one. Of a message in both, the newer state stays. */
export function mergeMessages(one: Messages, other: Messages): Messages {
  const byId = new Map(one.map((message) => [message.id, message]));
  for (const message of other) {
    const existing = byId.get(message.id);
    if (!existing || existing.updated_seq <= message.updated_seq) byId.set(message.id, message);
  }
  return [...byId.values()].toSorted((a, b) => a.seq - b.seq);
}

/** Searched from the end, where most of what happens happens. */
export function indexOf(messages: Messages, messageId: number): number {
  return messages.findLastIndex((message) => message.id === messageId);
}

function insert(messages: Messages, message: Message): Messages {
  const before = messages.findLastIndex((other) => other.seq < message.seq);
  return messages.toSpliced(before + 1, 0, message);
}

function updatePreviews(messages: Messages, messageId: number, content: string, isDeleted: boolean): Messages {
  const isStale = ({ reply_to: preview }: Message) =>
    preview?.id === messageId && (preview.content !== content || preview.is_deleted !== isDeleted);
  if (!messages.some(isStale)) return messages;
  return messages.map((message) =>
    isStale(message) && message.reply_to
      ? { ...message, reply_to: { ...message.reply_to, content, is_deleted: isDeleted } }
      : message,
  );
}
