import type { MainEvent, TransientEvent } from "@miscord/protocol";
import { isTransient, lowPriorityOf, merge, subjectOf, type LowPriority } from "./priority.ts";

/** Subjects that wait for one flush. A crowd that types or comes in is told as a part of itself. */
const maxSubjects: Readonly<Record<LowPriority, number>> = { soon: 50, slow: 20_000, hint: 20 };

/** Events of a topic that wait for its flush: normal ones in order, transient ones by subject, the last value each. */
export class PendingEvents {
  #normal: MainEvent[] = [];
  /** Created on first use: three maps for each of ten thousand topics would be megabytes. */
  readonly #low: Record<LowPriority, Map<string, TransientEvent> | null> = { soon: null, slow: null, hint: null };

  /** Answers how many transient events it had no room for. */
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

  get normalCount(): number {
    return this.#normal.length;
  }

  /** Something that waits a while for company. */
  get hasSoon(): boolean {
    return hasSome(this.#low.soon);
  }

  /** Something that leaves at most once a second. */
  get hasSlow(): boolean {
    return hasSome(this.#low.slow) || hasSome(this.#low.hint);
  }

  takePrompt(): { low: TransientEvent[]; normal: MainEvent[] } {
    const normal = this.#normal;
    this.#normal = [];
    return { low: take(this.#low.soon, Infinity), normal };
  }

  /** The longest waiting subjects; the rest keeps its place. */
  takeSlow(limit: number): TransientEvent[] {
    return [...take(this.#low.hint, limit), ...take(this.#low.slow, limit)];
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
