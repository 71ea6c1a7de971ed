/** Limits of batching; docs/decisions/adaptive-flush.md has the measurements behind the numbers of this file. */
export interface FlushSettings {
  /** Longest flush interval in milliseconds; 0 turns waiting off. */
  readonly maxIntervalMs: number;
  /** Most events in one frame; a topic with that many pending normal events is flushed at once. */
  readonly batchSize: number;
}

/** Deliveries per second (events times recipients) up to which the interval is 0, and from which it is longest. */
const quietPerSecond = 10_000;
const busyPerSecond = 100_000;
/** Exponent of the interval curve. Above 1 latency stays low at medium load, where the CPU is not saturated yet. */
const shape = 1.3;

/** Interval of throttled events for up to `throttledRecipients` subscribers; it grows in proportion beyond them. */
const baseThrottledIntervalMs = 1_000;
const throttledRecipients = 1_000;
/** Most throttled deliveries (subjects times recipients) in one flush; further subjects wait for the next flush. */
const throttledDeliveriesPerFlush = 200_000;
/** Subjects that every flush may send, however many recipients the topic has. */
const minThrottledSubjects = 10;

/** Milliseconds between two flushes of a topic at this load of the whole node. */
export function flushIntervalMs(deliveriesPerSecond: number, maxIntervalMs: number): number {
  const share = (deliveriesPerSecond - quietPerSecond) / (busyPerSecond - quietPerSecond);
  if (share <= 0) return 0;
  return maxIntervalMs * Math.min(1, share) ** shape;
}

/**
 * Milliseconds that a coalesced event waits for a message to share its frame with. The delay is invisible, and typing is
 * half of a channel's writes otherwise.
 */
export function typingWaitMs(maxIntervalMs: number): number {
  return 2 * maxIntervalMs;
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
