import { retries, type ErrorCode, type MainCommand, type MainEvent } from "@miscord/protocol";
import type { Clock, Timer } from "../platform.ts";
import { ApiError } from "../rest/api-error.ts";
import type { OutgoingMessage } from "../state/types.ts";

export const outboxCapacity = 1_000;
const ackTimeoutMs = 15_000;
/** A message without an answer for this long calls `onUnanswered`. */
const unansweredAfterMs = 1_500;
const retryAfterMs = 1_000;
/** A message that the server wants later than this fails, so that its author learns of it and what follows is not held up. */
const longestHoldMs = 60_000;
/** A message refused with `internal` this many times in a row fails. */
const internalFailuresAllowed = 5;

interface Options {
  clock: Clock;
  send: (command: MainCommand) => boolean;
  /** A message in flight has had no answer for 1.5 s, so the connection may be dead. Called once each time it is sent. */
  onUnanswered: () => void;
  /** A message was added or changed its status. */
  onChanged: (message: OutgoingMessage) => void;
  onDiscarded: (message: OutgoingMessage) => void;
  onFailed: (message: OutgoingMessage) => void;
}

type Refusal = Extract<MainEvent, { type: "error" }>;

/** One channel's unsent messages, oldest first. At most one of them is in flight. */
interface Queue {
  messages: OutgoingMessage[];
  inFlight: string | null;
  /** Runs while an answer is awaited, or until the time to retry after a refusal. */
  timer: Timer | null;
  /** Runs until `onUnanswered` is called for the message in flight. */
  unanswered: Timer | null;
  internalFailures: number;
}

/**
 * Messages that the server has not confirmed. Each is sent until it is acknowledged, or refused with an error that a retry
 * cannot help soon; the nonce makes resending harmless. Only one message a channel is in flight: of two, the first could be
 * refused temporarily and the second accepted, which would swap them.
 */
export class Outbox {
  readonly #options: Options;
  readonly #queues = new Map<number, Queue>();
  #isOnline = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Pending and failed, oldest first. */
  of(channelId: number): readonly OutgoingMessage[] {
    return this.#queues.get(channelId)?.messages ?? [];
  }

  all(): OutgoingMessage[] {
    return [...this.#queues.values()].flatMap((queue) => queue.messages);
  }

  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.messages.length, 0);
  }

  add(message: OutgoingMessage): void {
    const isFull = this.size >= outboxCapacity;
    // Failed messages stay visible for a retry, but their number is bounded too.
    if (this.size >= 2 * outboxCapacity) throw new ApiError("limit_reached", "too many unsent messages");
    this.#queue(message.channelId).messages.push(message);
    this.#options.onChanged(message);
    if (isFull) this.#fail(message, "limit_reached", "too many unsent messages");
    else this.#pump(message.channelId);
  }

  retry(channelId: number, nonce: string): void {
    const message = this.#find(channelId, nonce);
    if (message?.status !== "failed") return;
    this.#update({ ...message, status: "pending", error: null });
    this.#pump(channelId);
  }

  discard(channelId: number, nonce: string): void {
    const message = this.#remove(channelId, nonce);
    if (message) this.#options.onDiscarded(message);
  }

  connected(): void {
    this.#isOnline = true;
    for (const channelId of this.#queues.keys()) this.#pump(channelId);
  }

  /** A message in flight may or may not have arrived: it is resent first after the reconnect. */
  disconnected(): void {
    this.#isOnline = false;
    for (const queue of this.#queues.values()) this.#release(queue);
  }

  /** Removes a message that is stored on the server: it was acknowledged, or arrived as an event. Null when unknown. */
  confirm(channelId: number, nonce: string): OutgoingMessage | null {
    return this.#remove(channelId, nonce);
  }

  /** True when the refusal was about a message of this outbox. */
  refuse(refusal: Refusal): boolean {
    const message = this.all().find(({ nonce }) => nonce === (refusal.nonce ?? refusal.ref));
    if (!message) return false;
    const queue = this.#queue(message.channelId);
    if (queue.inFlight !== message.nonce) return true;
    this.#release(queue);
    const waitMs = refusal.retry_after_ms ?? retryAfterMs;
    if (waitMs > longestHoldMs || !this.#isWorthRepeating(queue, refusal.code)) {
      this.#fail(message, refusal.code, refusal.message);
      this.#pump(message.channelId);
    } else {
      this.#hold(message.channelId, queue, waitMs);
    }
    return true;
  }

  /** Marks pending messages as failed: the session has ended, or the channels are gone. */
  failAll(code: ErrorCode, reason: string, channelIds: readonly number[] = [...this.#queues.keys()]): void {
    for (const channelId of channelIds) {
      const queue = this.#queues.get(channelId);
      if (!queue) continue;
      this.#release(queue);
      for (const message of queue.messages.filter(({ status }) => status === "pending"))
        this.#fail(message, code, reason);
    }
  }

  clear(): void {
    for (const queue of this.#queues.values()) this.#release(queue);
    this.#queues.clear();
  }

  #pump(channelId: number): void {
    const queue = this.#queue(channelId);
    const next = queue.messages.find(({ status }) => status === "pending");
    if (!this.#isOnline || queue.timer || !next) return;
    if (!this.#options.send(commandOf(next))) return;
    queue.inFlight = next.nonce;
    queue.unanswered = this.#options.clock.setTimeout(this.#options.onUnanswered, unansweredAfterMs);
    this.#hold(channelId, queue, ackTimeoutMs);
  }

  #hold(channelId: number, queue: Queue, delayMs: number): void {
    queue.timer = this.#options.clock.setTimeout(() => {
      this.#release(queue);
      this.#pump(channelId);
    }, delayMs);
  }

  #release(queue: Queue): void {
    queue.timer?.cancel();
    queue.timer = null;
    queue.unanswered?.cancel();
    queue.unanswered = null;
    queue.inFlight = null;
  }

  #isWorthRepeating(queue: Queue, code: ErrorCode): boolean {
    queue.internalFailures = code === "internal" ? queue.internalFailures + 1 : 0;
    return retries[code] !== "never" && queue.internalFailures < internalFailuresAllowed;
  }

  #fail(message: OutgoingMessage, code: ErrorCode, reason: string): void {
    const failed: OutgoingMessage = { ...message, status: "failed", error: { code, message: reason } };
    this.#update(failed);
    this.#options.onFailed(failed);
  }

  #update(message: OutgoingMessage): void {
    const queue = this.#queue(message.channelId);
    queue.messages = queue.messages.map((other) => (other.nonce === message.nonce ? message : other));
    this.#options.onChanged(message);
  }

  #remove(channelId: number, nonce: string): OutgoingMessage | null {
    const message = this.#find(channelId, nonce);
    if (!message) return null;
    const queue = this.#queue(channelId);
    queue.messages = queue.messages.filter((other) => other !== message);
    if (queue.inFlight === nonce) {
      this.#release(queue);
      queue.internalFailures = 0;
    }
    this.#pump(channelId);
    return message;
  }

  #find(channelId: number, nonce: string): OutgoingMessage | null {
    return this.#queues.get(channelId)?.messages.find((message) => message.nonce === nonce) ?? null;
  }

  #queue(channelId: number): Queue {
    const existing = this.#queues.get(channelId);
    if (existing) return existing;
    const queue: Queue = { messages: [], inFlight: null, timer: null, unanswered: null, internalFailures: 0 };
    this.#queues.set(channelId, queue);
    return queue;
  }
}

function commandOf(message: OutgoingMessage): MainCommand {
  return {
    type: "chat_message",
    ref: message.nonce,
    nonce: message.nonce,
    channel_id: message.channelId,
    content: message.content,
    ...(message.attachments.length > 0 && { attachments: message.attachments.map(({ id }) => id) }),
    ...(message.replyTo && { reply_to_id: message.replyTo.id }),
    ...(message.poll && { poll: message.poll }),
    ...(message.sticker && { sticker_id: message.sticker.id }),
  };
}
