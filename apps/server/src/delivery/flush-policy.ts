/** Limits of batching; docs/decisions/adaptive-flush.md has the measurements behind the numbers of this file. */
export interface FlushSettings {
  /** Longest flush interval in milliseconds; 0 turns waiting off. */
  readonly maxIntervalMs: number;
  /** Most events in one frame; a topic with that many pending normal events is flushed at once. */
  readonly batchSize: number;
}

/**
 * The flush interval, as a share of the longest one, by deliveries per second (events times recipients); linear in between.
 * In the middle it stays where a message waits about 20 ms with its thousand writes, until a core has to save them.
 */
const curve = [
  { perSecond: 10_000, share: 0 },
  { perSecond: 40_000, share: 0.5 },
  { perSecond: 75_000, share: 0.5 },
  { perSecond: 100_000, share: 1 },
] as const;

/** Interval of throttled events for up to `throttledRecipients` subscribers; it grows in proportion beyond them. */
const baseThrottledIntervalMs = 1_000;
const throttledRecipients = 1_000;
/** Most throttled deliveries (subjects times recipients) in one flush; further subjects wait for the next flush. */
const throttledDeliveriesPerFlush = 200_000;
/** Subjects that every flush may send, however many recipients the topic has. */
const minThrottledSubjects = 10;

/** Milliseconds between two flushes of a topic at this load of the whole node. */
export function flushIntervalMs(deliveriesPerSecond: number, maxIntervalMs: number): number {
  const next = curve.findIndex(({ perSecond }) => deliveriesPerSecond < perSecond);
  if (next === 0) return 0;
  const [from, to] = [curve.at(next - 1)!, curve.at(next)!];
  if (next === -1) return maxIntervalMs * to.share;
  const progress = (deliveriesPerSecond - from.perSecond) / (to.perSecond - from.perSecond);
  return maxIntervalMs * (from.share + (to.share - from.share) * progress);
}

/**
 * Milliseconds that a coalesced event waits for a message to share its frame with, and up to a beat longer. The delay is
 * invisible, and typing is half of a channel's writes otherwise.
 */
function typingWaitMs(maxIntervalMs: number): number {
  return 2 * maxIntervalMs;
}

/**
 * Monotonic time at which coalesced events leave that have waited since `sinceMs`: the next beat of the process, so that it
 * wakes once for the topics of which some are due, not once for each.
 */
export function coalescedDueAt(sinceMs: number, maxIntervalMs: number): number {
  const at = sinceMs + typingWaitMs(maxIntervalMs);
  const beatMs = maxIntervalMs / 2;
  return beatMs > 0 ? Math.ceil(at / beatMs) * beatMs : at;
}

/** Milliseconds between two flushes of a topic's throttled events. */
export function throttledIntervalMs(recipients: number): number {
  return baseThrottledIntervalMs * Math.max(1, recipients / throttledRecipients);
}

/** Most throttled subjects that one flush sends. */
export function throttledSubjectsPerFlush(recipients: number): number {
  return Math.max(minThrottledSubjects, Math.floor(throttledDeliveriesPerFlush / Math.max(1, recipients)));
}

/** A process has a core of its own, or shares what there are with the others evenly. */
export function loadOfCore(own: number, all: number, cores: number): number {
  return Math.max(own, all / cores);
}

/** Time constant of the meter's exponential decay: long enough to be steady, short enough to follow a burst. */
const memoryMs = 500;

/** Exponentially decaying average of deliveries per second. Times are milliseconds on the monotonic clock. */
export class LoadMeter {
  /** Deliveries of other processes on this machine. */
  elsewherePerSecond = 0;
  readonly #cores: number;
  #deliveries = 0;
  #at = 0;

  /** `cores`: how many of the machine's this process may use, as others that share them may. */
  constructor(cores = 1) {
    this.#cores = cores;
  }

  count(deliveries: number, nowMs: number): void {
    this.#deliveries = this.#decayed(nowMs) + deliveries;
    this.#at = nowMs;
  }

  /** The load of the core that this process runs on, as far as it is this instance's. */
  perSecond(nowMs: number): number {
    const own = this.ownPerSecond(nowMs);
    return loadOfCore(own, own + this.elsewherePerSecond, this.#cores);
  }

  /** The load of this process. */
  ownPerSecond(nowMs: number): number {
    return (this.#decayed(nowMs) * 1_000) / memoryMs;
  }

  #decayed(nowMs: number): number {
    return this.#deliveries * Math.exp((this.#at - nowMs) / memoryMs);
  }
}
