/** How deliveries are gathered; docs/decisions/adaptive-flush.md has the measurements behind the numbers. */
export interface FlushSettings {
  /** The longest that an event waits. */
  readonly maxIntervalMs: number;
  /** The most events in one frame; that many waiting leave at once. */
  readonly batchSize: number;
}

/** Deliveries per second (events times recipients) up to which nothing waits, and from which all wait longest. */
const quietPerSecond = 10_000;
const busyPerSecond = 100_000;
/** Above 1: latency stays low through the middle of the range, where a core is not scarce yet. */
const shape = 1.3;

/** Server-wide hints reach this many people a second; a bigger audience hears them less often. */
const slowIntervalMs = 1_000;
const slowRecipientsPerInterval = 1_000;
/** Hints (subjects times recipients) of one flush; the subjects beyond wait for the next one. */
const slowDeliveriesPerFlush = 200_000;
const minSlowSubjects = 10;

/** How long events of a topic gather at this load of the whole node. */
export function flushIntervalMs(deliveriesPerSecond: number, maxIntervalMs: number): number {
  const share = (deliveriesPerSecond - quietPerSecond) / (busyPerSecond - quietPerSecond);
  if (share <= 0) return 0;
  return maxIntervalMs * Math.min(1, share) ** shape;
}

/** How long typing waits for a message to ride with: nobody sees the difference, and it is half of a channel's writes. */
export function typingWaitMs(maxIntervalMs: number): number {
  return 2 * maxIntervalMs;
}

/** How often presence and activity of a topic leave. */
export function slowFlushIntervalMs(recipients: number): number {
  return slowIntervalMs * Math.max(1, recipients / slowRecipientsPerInterval);
}

/** How many subjects of presence and activity leave in one flush. */
export function slowSubjectsPerFlush(recipients: number): number {
  return Math.max(minSlowSubjects, Math.floor(slowDeliveriesPerFlush / Math.max(1, recipients)));
}

/** Deliveries per second, forgetting with this time constant: long enough to be steady, short enough for a burst. */
const memoryMs = 500;

export class LoadMeter {
  #deliveries = 0;
  #at = 0;

  count(deliveries: number, nowMs: number): void {
    this.#deliveries = this.#decayed(nowMs) + deliveries;
    this.#at = nowMs;
  }

  perSecond(nowMs: number): number {
    return (this.#decayed(nowMs) * 1_000) / memoryMs;
  }

  #decayed(nowMs: number): number {
    return this.#deliveries * Math.exp((this.#at - nowMs) / memoryMs);
  }
}
