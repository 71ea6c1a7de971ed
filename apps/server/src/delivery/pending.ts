import type { MainEvent, TransientEvent } from "@miscord/protocol";
import { isTransient, lowPriorityOf, merge, subjectOf, type LowPriority } from "./priority.ts";

/**
 * Most low-priority events kept per flush and priority. Beyond that, new subjects are dropped (counted in
 * `droppedLowPriority`).
 */
const maxSubjects: Readonly<Record<LowPriority, number>> = { coalesced: 50, throttled: 20_000, droppable: 20 };

/** Events of a topic until its next flush: normal ones in order, transient ones merged to one event per subject. */
export class PendingEvents {
  #normal: MainEvent[] = [];
  /** Maps are created on first use: three for each of ten thousand topics would take megabytes. */
  readonly #low: Record<LowPriority, Map<string, TransientEvent> | null> = {
    coalesced: null,
    throttled: null,
    droppable: null,
  };

  /** Returns the number of events dropped because too many subjects are pending: 0 or 1. */
  add(event: MainEvent): number {
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

  /** Replaces each transient event by what `keep` makes of it; null removes it. */
  revise(keep: (event: TransientEvent) => TransientEvent | null): void {
    for (const events of Object.values(this.#low)) {
      for (const [subject, event] of events ?? []) {
        const kept = keep(event);
        if (kept) events?.set(subject, kept);
        else events?.delete(subject);
      }
    }
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
