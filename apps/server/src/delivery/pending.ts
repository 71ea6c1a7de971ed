import type { MainEvent, TransientEvent } from "@miscord/protocol";
import { isTransient, lowPriorityOf, merge, subjectOf, type LowPriority } from "./priority.ts";

/**
 * Most low-priority events kept per flush and priority. Beyond that, new subjects are dropped (counted in
 * `droppedLowPriority`).
 */
const maxSubjects: Readonly<Record<LowPriority, number>> = { coalesced: 50, throttled: 20_000, droppable: 20 };

/** Longest time that news of a channel may be under way from another node. */
const lateMs = 5_000;

/** Events of a topic until its next flush: normal ones in order, transient ones merged to one event per subject. */
export class PendingEvents {
  #normal: MainEvent[] = [];
  /** Maps are created on first use: three for each of ten thousand topics would take megabytes. */
  readonly #low: Record<LowPriority, Map<string, TransientEvent> | null> = {
    coalesced: null,
    throttled: null,
    droppable: null,
  };

  /** Channels that have been hidden, each until when news of them may still arrive. Null while there are none. */
  #hidden: Map<number, number> | null = null;

  /** Returns the number of events dropped because too many subjects are pending: 0 or 1. */
  add(added: MainEvent, now: number): number {
    const event = this.#hidden ? this.#withoutHidden(added, now) : added;
    if (!event) return 0;
    if (!isTransient(event)) {
      this.#normal.push(event);
      return 0;
    }
    const priority = lowPriorityOf(event);
    const events = (this.#low[priority] ??= new Map());
    const subject = subjectOf(event);
    const earlier = events.get(subject);
    if (!earlier && events.size >= maxSubjects[priority]) return 1;
    events.set(subject, earlier ? merge(earlier, event) : event);
    return 0;
  }

  /**
   * Removes transient events about channels that not every subscriber may see any more, and refuses those that arrive
   * within the next seconds: activity gathers before it is published, and another node may be late.
   */
  hideChannels(channelIds: readonly number[], now: number): void {
    if (channelIds.length === 0) return;
    this.#hidden ??= new Map();
    for (const channelId of channelIds) this.#hidden.set(channelId, now + lateMs);
    const { throttled } = this.#low;
    if (!throttled) return;
    for (const [subject, event] of throttled) {
      const visible = this.#withoutHidden(event, now);
      if (!visible) throttled.delete(subject);
      else throttled.set(subject, visible);
    }
  }

  /** All subscribers see these channels now. */
  showChannels(channelIds: readonly number[]): void {
    for (const channelId of channelIds) this.#hidden?.delete(channelId);
  }

  /** The event without what it says of hidden channels; null when nothing is left. */
  #withoutHidden<Event extends MainEvent>(event: Event, now: number): Event | null {
    for (const [channelId, untilMs] of this.#hidden ?? []) if (untilMs <= now) this.#hidden?.delete(channelId);
    if (!this.#hidden || this.#hidden.size === 0) this.#hidden = null;
    const hidden = this.#hidden;
    if (!hidden) return event;
    if (event.type === "voice_speaking") return hidden.has(event.channel_id) ? null : event;
    if (event.type !== "channel_activity") return event;
    const kept = Object.entries(event.channels).filter(([id]) => !hidden.has(Number(id)));
    return kept.length === 0 ? null : { ...event, channels: Object.fromEntries(kept) };
  }

  get normalCount(): number {
    return this.#normal.length;
  }

  get hasCoalesced(): boolean {
    return hasSome(this.#low.coalesced);
  }

  /** True with throttled or droppable events, which share one interval. */
  get hasThrottled(): boolean {
    return hasSome(this.#low.throttled) || hasSome(this.#low.droppable);
  }

  /** Takes all normal and coalesced events. */
  takeUnthrottled(): { low: TransientEvent[]; normal: MainEvent[] } {
    const normal = this.#normal;
    this.#normal = [];
    return { low: take(this.#low.coalesced, Infinity), normal };
  }

  /** Takes the oldest subjects, at most `limit` of each priority; the others stay pending in order. */
  takeThrottled(limit: number): TransientEvent[] {
    return [...take(this.#low.droppable, limit), ...take(this.#low.throttled, limit)];
  }
}

function hasSome(events: Map<string, TransientEvent> | null): boolean {
  return events !== null && events.size > 0;
}

function take(events: Map<string, TransientEvent> | null, limit: number): TransientEvent[] {
  const taken: TransientEvent[] = [];
  if (!events) return taken;
  for (const [subject, event] of events) {
    if (taken.length >= limit) break;
    taken.push(event);
    events.delete(subject);
  }
  return taken;
}
