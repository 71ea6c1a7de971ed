import type { MainEvent } from "@miscord/protocol";
import type { Topic as TopicName } from "../bus/contract.ts";
import type { Timer } from "../clock.ts";
import { Batch } from "./batch.ts";
import type { ChannelOrder } from "./channel-order.ts";
import { coalescedDueAt, throttledIntervalMs, throttledSubjectsPerFlush } from "./flush-policy.ts";
import type { HiddenChannels } from "./hidden-channels.ts";
import type { JoinMarker } from "./join-marker.ts";
import type { LatencyMarks } from "./latency.ts";
import { PendingEvents } from "./pending.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import { Subscribers, type BroadcastOptions, type OnSent } from "./subscribers.ts";
import type { Writer } from "./writer.ts";

/** One topic on this node: its subscribers, joining connections and pending events. `Delivery` schedules its flushes. */
export class Topic {
  readonly name: TopicName;
  /** Null for other topics. */
  readonly channelId: number | null;
  /** Of channels whose events may be lost or arrive out of order; null for other topics. */
  readonly order: ChannelOrder | null;
  /** Resolves once the bus subscription is live; rejects when the bus cannot subscribe. */
  ready: Promise<void> = Promise.resolve();
  /** `ready` has rejected: the bus must be asked again. */
  hasFailed = false;
  readonly subscribers = new Subscribers();
  /** Of joins whose replay is being loaded. */
  readonly buffers = new Set<ReplayBuffer>();
  readonly pending = new PendingEvents();
  /** Set for a server some of whose channels are not for all members any more. */
  hidden: HiddenChannels | null = null;
  /** Set for channels whose messages are timed. */
  latency: LatencyMarks | null = null;
  /** Is told the events of the topic, in the order in which they arrive, and null when the topic ends. */
  observer: ((event: MainEvent | null) => void) | null = null;
  /** Throttled events leave with the next flush, although their time has not come. */
  isEarly = false;
  /** The topic is flushed at the end of this turn of the event loop. */
  isDue = false;
  timer: { at: number; handle: Timer } | null = null;
  /** Created on first use, as few topics have a slow joiner. */
  #markers: Set<JoinMarker> | null = null;
  #flushedAt = -Infinity;
  /** When the oldest pending coalescable event arrived; null when there is none. */
  #coalescedSince: number | null = null;
  #throttledFlushedAt = -Infinity;

  constructor(name: TopicName, order: ChannelOrder | null = null) {
    this.name = name;
    this.channelId = name.startsWith("channel:") ? Number(name.slice("channel:".length)) : null;
    this.order = order;
  }

  /** True without subscribers and joining connections: the bus subscription can end. */
  get isUnused(): boolean {
    return this.subscribers.size === 0 && this.buffers.size === 0 && !this.#markers?.size;
  }

  addMarker(marker: JoinMarker): void {
    this.#markers ??= new Set();
    this.#markers.add(marker);
  }

  /** Whether a join of the writer has not been answered yet. */
  isJoining(writer: Writer): boolean {
    for (const buffer of this.buffers) if (buffer.writers.has(writer)) return true;
    for (const marker of this.#markers ?? []) if (marker.writer === writer) return true;
    return false;
  }

  /** Removes the writer from subscribers and buffers, and cancels its join markers. */
  remove(writer: Writer): void {
    this.subscribers.remove(writer);
    for (const buffer of this.buffers) this.removeFromBuffer(buffer, writer);
    for (const marker of this.#markers ?? []) {
      if (marker.writer !== writer) continue;
      marker.cancel();
      this.#markers?.delete(marker);
    }
  }

  /** Adds a subscriber, which needs its join markers no longer. */
  subscribe(writer: Writer): void {
    this.subscribers.add(writer);
    for (const marker of this.#markers ?? []) if (marker.writer === writer) this.#markers?.delete(marker);
  }

  /** Ends the topic's timers. */
  close(): void {
    this.observer?.(null);
    this.timer?.handle.cancel();
    this.order?.close();
  }

  /** False when the writer was not in the buffer. The last writer takes the buffer with it. */
  removeFromBuffer(buffer: ReplayBuffer, writer: Writer): boolean {
    if (!buffer.writers.delete(writer)) return false;
    if (buffer.writers.size === 0) this.buffers.delete(buffer);
    return true;
  }

  /** Monotonic time of the topic's next flush: Infinity with nothing pending, in the past after a quiet time. */
  dueAt(nowMs: number, intervalMs: number, maxIntervalMs: number): number {
    if (this.pending.hasCoalesced) this.#coalescedSince ??= nowMs;
    const normal = this.pending.normalCount > 0 ? this.#flushedAt + intervalMs : Infinity;
    const coalesced = this.#coalescedSince === null ? Infinity : coalescedDueAt(this.#coalescedSince, maxIntervalMs);
    return Math.min(normal, coalesced, this.#throttledDueAt());
  }

  /** Takes all pending events that are due as one batch; null when none are. `epochMs` is the batch's wall clock time. */
  take(nowMs: number, epochMs: number, batchSize: number): Batch | null {
    const events = this.pending.takeUnthrottled();
    this.#coalescedSince = null;
    if (this.isEarly || this.#throttledDueAt() <= nowMs) {
      events.low.unshift(...this.pending.takeThrottled(throttledSubjectsPerFlush(this.subscribers.size)));
      this.#throttledFlushedAt = nowMs;
    }
    this.isEarly = false;
    if (events.low.length + events.normal.length === 0) return null;
    this.#flushedAt = nowMs;
    return new Batch(events, epochMs, batchSize);
  }

  broadcast(batch: Batch, options: BroadcastOptions, onSent: OnSent): void {
    for (const buffer of this.buffers) buffer.push(batch);
    this.subscribers.broadcast(batch, options, onSent);
  }

  /** Whether throttled events will leave with a flush now, `early` milliseconds before their time at the most. */
  hasThrottledDue(nowMs: number, earlyMs = 0): boolean {
    return this.#throttledDueAt() - earlyMs <= nowMs;
  }

  #throttledDueAt(): number {
    return this.pending.hasThrottled ? this.#throttledFlushedAt + throttledIntervalMs(this.subscribers.size) : Infinity;
  }
}
