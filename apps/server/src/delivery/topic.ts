import type { Topic as TopicName } from "../bus/contract.ts";
import type { Timer } from "../clock.ts";
import { Audience, type Delivered, type Handover } from "./subscribers.ts";
import { Batch } from "./batch.ts";
import { slowFlushIntervalMs, slowSubjectsPerFlush } from "./flush-policy.ts";
import type { Hold } from "./replay-buffer.ts";
import type { LatencyMarks } from "./latency.ts";
import { PendingEvents } from "./pending.ts";

/** One topic on this node: who hears it and what waits to be said. `Delivery` decides when it flushes. */
export class Topic {
  readonly name: TopicName;
  /** Resolves once the bus brings the topic's events. */
  readonly ready: Promise<void>;
  readonly audience = new Audience();
  readonly holds = new Set<Hold>();
  readonly pending = new PendingEvents();
  /** Set for channels whose messages are timed. */
  latency: LatencyMarks | null = null;
  /** Waits for the end of this turn of the event loop. */
  isDue = false;
  timer: { at: number; handle: Timer } | null = null;
  #flushedAt = -Infinity;
  /** Since when something waits that waits for company. */
  #soonSince: number | null = null;
  #slowFlushedAt = -Infinity;

  constructor(name: TopicName, ready: Promise<void>) {
    this.name = name;
    this.ready = ready;
  }

  get isDeserted(): boolean {
    return this.audience.size === 0 && this.holds.size === 0;
  }

  /** When the topic wants to flush next: Infinity with nothing to say, in the past after a quiet time. */
  dueAt(nowMs: number, intervalMs: number, soonWaitMs: number): number {
    if (this.pending.hasSoon) this.#soonSince ??= nowMs;
    const normal = this.pending.normalCount > 0 ? this.#flushedAt + intervalMs : Infinity;
    const soon = this.#soonSince === null ? Infinity : this.#soonSince + soonWaitMs;
    return Math.min(normal, soon, this.#slowDueAt());
  }

  /** Everything that may leave now, as one batch; null when nothing may. */
  take(nowMs: number, epochMs: number, batchSize: number): Batch | null {
    const events = this.pending.takePrompt();
    this.#soonSince = null;
    if (this.#slowDueAt() <= nowMs) {
      events.low.unshift(...this.pending.takeSlow(slowSubjectsPerFlush(this.audience.size)));
      this.#slowFlushedAt = nowMs;
    }
    if (events.low.length + events.normal.length === 0) return null;
    this.#flushedAt = nowMs;
    return new Batch(events, epochMs, batchSize);
  }

  deliver(batch: Batch, handover: Handover, delivered: Delivered): void {
    for (const hold of this.holds) hold.push(batch);
    this.audience.deliver(batch, handover, delivered);
  }

  #slowDueAt(): number {
    return this.pending.hasSlow ? this.#slowFlushedAt + slowFlushIntervalMs(this.audience.size) : Infinity;
  }
}
