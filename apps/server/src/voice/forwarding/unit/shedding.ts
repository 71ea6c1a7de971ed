import { performance } from "node:perf_hooks";

/** A process that works for more than this share of the time falls behind: packets wait, those of voices too. */
const busy = 0.9;
/** What one sender's pictures may always cause, in packets sent within a period. */
const least = 100;
const growth = 1.1;

/**
 * Leaves out pictures while the process falls behind, those of whoever sends the most first: what one call shows delays no
 * other call.
 */
export class Shedding {
  readonly #utilization: () => number;
  /** Packets of pictures that are sent on for one sender in a period. */
  #most = Infinity;
  /** What would be sent on in this period, by sender. */
  readonly #wanted = new Map<number, number>();

  /** `utilization`: the share of the time since it was asked last for which the process has worked. */
  constructor(utilization: () => number = eventLoopUtilization()) {
    this.#utilization = utilization;
  }

  /** Whether a packet may be sent on to so many viewers. */
  allows(source: number, viewers: number): boolean {
    const wanted = (this.#wanted.get(source) ?? 0) + viewers;
    this.#wanted.set(source, wanted);
    return wanted <= this.#most;
  }

  /** Ends a period; to be called about twice a second. */
  review(): void {
    const highest = Math.max(0, ...this.#wanted.values());
    this.#wanted.clear();
    if (this.#utilization() > busy) this.#most = Math.max(least, Math.min(this.#most, highest) / 2);
    else this.#most = this.#most > 2 * highest ? Infinity : this.#most * growth;
  }
}

function eventLoopUtilization(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
