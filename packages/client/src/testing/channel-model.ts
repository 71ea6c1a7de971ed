import {
  replyPreviewOf,
  type ChannelEvent,
  type History,
  type Message,
  type Reaction,
  type User,
} from "@miscord/protocol";
import { withReaction } from "../state/messages.ts";

interface SendOptions {
  nonce?: string;
  replyTo?: number;
}

interface PageQuery {
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  around_seq?: number | undefined;
  limit?: number;
}

/** A reference model of a channel and its history, kept simple: the client's state must agree with it. */
export class ChannelModel {
  readonly id: number;
  seq = 0;
  readonly #messages: Message[] = [];

  constructor(id: number) {
    this.id = id;
  }

  /** Returns the event, or null when the nonce was used before. */
  send(author: User, content: string, { nonce, replyTo }: SendOptions = {}): ChannelEvent | null {
    if (nonce !== undefined && this.byNonce(author.id, nonce)) return null;
    this.seq += 1;
    const message: Message = {
      id: this.id * 10_000 + this.seq,
      seq: this.seq,
      updated_seq: this.seq,
      channel_id: this.id,
      channelId: this.id,
      server_id: 1,
      content,
      timestamp: new Date(0).toISOString(),
      edited_at: null,
      is_edited: false,
      is_deleted: false,
      ...(nonce !== undefined && { nonce }),
      author,
      attachments: [],
      reactions: [],
      reply_to: this.#previewOf(replyTo),
      mentions: [],
      mentions_everyone: false,
    };
    this.#messages.push(message);
    return { type: "new_message", channel_id: this.id, seq: this.seq, data: structuredClone(message) };
  }

  edit(messageId: number, content: string): ChannelEvent | null {
    const message = this.#change(messageId);
    if (!message) return null;
    Object.assign(message, { content, is_edited: true, edited_at: new Date(this.seq).toISOString() });
    this.#refreshPreviews(message);
    return { type: "message_edited", channel_id: this.id, seq: this.seq, data: structuredClone(message) };
  }

  delete(messageId: number): ChannelEvent | null {
    const message = this.#change(messageId);
    if (!message) return null;
    message.is_deleted = true;
    this.#refreshPreviews(message);
    return this.#deletion(message);
  }

  react(user: User, messageId: number, emoji: string, on: boolean): ChannelEvent | null {
    const present = this.alive.find(({ id }) => id === messageId)?.reactions.find((one) => one.emoji === emoji);
    const others = present?.user_ids.filter((id) => id !== user.id) ?? [];
    if ((present?.user_ids.includes(user.id) ?? false) === on) return null;
    const message = this.#change(messageId);
    if (!message) return null;
    const userIds = on ? [...others, user.id] : others;
    const reaction: Reaction = { emoji, count: userIds.length, user_ids: userIds };
    message.reactions = withReaction(message.reactions, reaction);
    const data = { message_id: messageId, channel_id: this.id, emoji, reaction, was_removed: !on, user };
    return { type: "reaction_updated", channel_id: this.id, seq: this.seq, data };
  }

  get alive(): readonly Message[] {
    return this.#messages.filter((message) => !message.is_deleted);
  }

  byNonce(authorId: number, nonce: string): Message | undefined {
    return this.#messages.find((message) => message.author.id === authorId && message.nonce === nonce);
  }

  page({ before, after, around, around_seq, limit = 50 }: PageQuery): History {
    const alive = this.alive;
    const start = this.#startOf(alive, { before, after, around, around_seq, limit });
    const messages = alive.slice(
      Math.max(0, start),
      before === undefined ? start + limit : this.#indexOf(alive, before),
    );
    const last = messages.at(-1);
    return structuredClone({
      messages: [...messages],
      has_more: messages.length > 0 && messages[0] !== alive[0],
      has_newer: last !== undefined && last !== alive.at(-1),
      seq: this.seq,
    });
  }

  changesSince(position: number): ChannelEvent[] {
    return this.#messages
      .filter((message) => message.updated_seq > position)
      .toSorted((a, b) => a.updated_seq - b.updated_seq)
      .map((message) => {
        if (message.is_deleted) return this.#deletion(message);
        const type = message.seq > position ? "new_message" : "message_edited";
        return { type, channel_id: this.id, seq: message.updated_seq, data: structuredClone(message) };
      });
  }

  #startOf(
    alive: readonly Message[],
    { before, after, around, around_seq: aroundSeq, limit }: Required<PageQuery>,
  ): number {
    if (before !== undefined) return this.#indexOf(alive, before) - limit;
    if (after !== undefined) return alive.findIndex((message) => message.id > after) >>> 0;
    if (around !== undefined) return Math.max(0, this.#indexOf(alive, around) - Math.floor(limit / 2));
    if (aroundSeq !== undefined) {
      const next = alive.findIndex(({ seq }) => seq > aroundSeq);
      return Math.max(0, (next < 0 ? alive.length : next) - Math.ceil(limit / 2));
    }
    return alive.length - limit;
  }

  #indexOf(alive: readonly Message[], messageId: number): number {
    const index = alive.findIndex(({ id }) => id >= messageId);
    return index < 0 ? alive.length : index;
  }

  #change(messageId: number): Message | undefined {
    const message = this.#messages.find(({ id, is_deleted }) => id === messageId && !is_deleted);
    if (!message) return undefined;
    this.seq += 1;
    message.updated_seq = this.seq;
    return message;
  }

  #previewOf(messageId: number | undefined): Message["reply_to"] {
    const message = this.#messages.find(({ id }) => id === messageId);
    return message ? replyPreviewOf(message) : null;
  }

  #refreshPreviews(changed: Message): void {
    for (const message of this.#messages) {
      if (message.reply_to?.id === changed.id) message.reply_to = replyPreviewOf(changed);
    }
  }

  #deletion({ id, updated_seq: seq }: Message): ChannelEvent {
    const data = { message_id: id, channel_id: this.id, text_channel_id: this.id };
    return { type: "message_deleted", channel_id: this.id, seq, data };
  }
}
