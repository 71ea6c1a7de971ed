import type { MainEvent } from "@miscord/protocol";
import type { ClientEvents, MessageDraft } from "../client.ts";
import type { EventEmitter } from "../event-emitter.ts";
import type { Timer } from "../platform.ts";
import { hideOutgoing, showOutgoing, withTimeline } from "../state/outgoing.ts";
import type { ArrivedMessage, OutgoingMessage } from "../state/types.ts";
import type { ClientContext } from "../client-context.ts";
import { createNonce } from "./create-nonce.ts";
import { Outbox } from "./outbox.ts";
import type { OutboxPersistence } from "./persistence.ts";

const saveAfterMs = 100;

interface Options {
  context: ClientContext;
  emitter: EventEmitter<ClientEvents>;
  persistence: OutboxPersistence | null;
  /** Finds out whether the connection is still alive. */
  probe: () => void;
}

/**
 * The user's messages from sending until they appear in the channel: the outbox, its display in timelines, and its
 * storage.
 */
export class OutgoingMessages {
  readonly outbox: Outbox;
  readonly #options: Options;
  readonly #context: ClientContext;
  #userId: number | null = null;
  #saving: Timer | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#context = options.context;
    this.outbox = new Outbox({
      clock: options.context.clock,
      send: options.context.send,
      onUnanswered: options.probe,
      onChanged: (message) => this.#changed(message),
      onDiscarded: (message) => this.#hide(message),
      onFailed: (message) => options.emitter.emit("message_failed", message),
    });
  }

  connected(): void {
    this.outbox.connected();
  }

  disconnected(): void {
    this.outbox.disconnected();
  }

  send(channelId: number, { attachments = [], replyTo = null, ...rest }: MessageDraft): string {
    const nonce = createNonce();
    const createdAt = this.#context.clock.now();
    this.outbox.add({
      ...rest,
      nonce,
      channelId,
      attachments,
      replyTo,
      createdAt,
      status: "pending",
      seq: null,
      error: null,
    });
    // At once: the page may be closed before a delayed save.
    this.#write();
    return nonce;
  }

  /** `isFollowed`: the channel is open, so the message itself will arrive as an event. */
  acked(ack: Extract<MainEvent, { type: "message_ack" }>, isFollowed: boolean): void {
    const { nonce, id, seq, channel_id: channelId } = ack;
    const message = this.outbox.confirm(channelId, nonce);
    if (message) this.#options.emitter.emit("message_acked", { nonce, id, channelId, seq });
    if (message) this.#sent({ ...message, status: "sent", seq, error: null }, isFollowed);
  }

  /** These messages arrived in the channel, so they are confirmed even without an acknowledgement, or before it. */
  arrived(channelId: number, messages: readonly ArrivedMessage[]): void {
    for (const message of messages) {
      if (this.outbox.confirm(channelId, message.nonce))
        this.#options.emitter.emit("message_acked", { ...message, channelId });
    }
    this.#save();
  }

  /** Loads the messages that were unsent when this page or another one was closed. */
  restore(userId: number): void {
    this.#userId = userId;
    const stored = this.#options.persistence?.load(userId) ?? [];
    if (!(stored instanceof Promise)) return this.#add(stored);
    void stored.then((messages) => this.#userId === userId && this.#add(messages));
  }

  /** Fails and removes the messages of channels that are gone. */
  abandon(channelIds: readonly number[]): void {
    this.outbox.failAll("not_found", "the channel is gone", channelIds);
    for (const channelId of channelIds) {
      for (const { nonce } of this.outbox.of(channelId)) this.outbox.discard(channelId, nonce);
    }
  }

  /** The server ended the session: unsent messages are stored as failed until the same user logs in again. */
  suspend(): void {
    this.outbox.failAll("unauthorized", "the session has ended");
    this.#write();
    this.#forget();
  }

  /** The user has logged out. */
  clear(): void {
    this.#saving?.cancel();
    this.#saving = null;
    if (this.#userId !== null) this.#options.persistence?.clear(this.#userId);
    this.#forget();
  }

  close(): void {
    this.#write();
    this.#forget();
  }

  #add(messages: readonly OutgoingMessage[]): void {
    const known = new Set(this.outbox.all().map(({ nonce }) => nonce));
    for (const message of messages) {
      if (!known.has(message.nonce) && !this.#hasArrived(message)) this.outbox.add(message);
    }
    this.#save();
  }

  /** Whether the page of history shows the message: it was stored, and the page was closed before it was confirmed. */
  #hasArrived({ channelId, nonce }: OutgoingMessage): boolean {
    const messages = this.#context.state().timelines[channelId]?.messages ?? [];
    return messages.some((message) => message.author.id === this.#userId && message.nonce === nonce);
  }

  #forget(): void {
    this.#userId = null;
    this.outbox.clear();
  }

  #changed(message: OutgoingMessage): void {
    this.#context.update((state) => showOutgoing(state, message));
    this.#save();
  }

  #hide(message: OutgoingMessage): void {
    this.#context.update((state) => hideOutgoing(state, message));
    this.#save();
  }

  /** Keeps an acknowledged message visible until the timeline's position reaches it and the message itself is shown. */
  #sent(message: OutgoingMessage, isFollowed: boolean): void {
    const { channelId, seq } = message;
    const timeline = this.#context.state().timelines[channelId];
    const isStillToCome = isFollowed && timeline?.status !== "failed" && (timeline?.seq ?? 0) < (seq ?? 0);
    if (!isStillToCome) return this.#hide(message);
    this.#context.update((state) =>
      withTimeline(state, channelId, (shown) => ({
        ...shown,
        outbox: shown.outbox.map((other) => (other.nonce === message.nonce ? message : other)),
      })),
    );
    this.#save();
  }

  #save(): void {
    if (!this.#options.persistence) return;
    this.#saving ??= this.#context.clock.setTimeout(() => this.#write(), saveAfterMs);
  }

  #write(): void {
    this.#saving?.cancel();
    this.#saving = null;
    if (this.#userId !== null) this.#options.persistence?.save(this.#userId, this.outbox.all());
  }
}
