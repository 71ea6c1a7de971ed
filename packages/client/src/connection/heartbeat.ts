import type { Clock, Timer } from "../platform.ts";

const firstBeatWithinMs = 5_000;
const probeTimeoutMs = 4_000;
const missesAllowed = 2;

interface Options {
  clock: Clock;
  random: () => number;
  intervalMs: number;
  /** `sentAt` in milliseconds comes back in the answer. */
  beat: (sentAt: number) => void;
  onRoundTrip: (rttMs: number) => void;
  onDead: () => void;
}

/**
 * Notices when the other side no longer answers. The first beat comes at a random time, so that a crowd that reconnects
 * together does not beat together. Counts beats that went out, not time: a hidden tab, whose timers run once a minute,
 * is not mistaken for a dead connection.
 */
export class Heartbeat {
  readonly #options: Options;
  #timer: Timer | null = null;
  #probe: Timer | null = null;
  #unanswered = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#schedule(options.random() * Math.min(options.intervalMs, firstBeatWithinMs));
  }

  acknowledged(sentAt: number): void {
    this.#unanswered = 0;
    this.#probe?.cancel();
    this.#probe = null;
    this.#options.onRoundTrip(Math.max(0, this.#options.clock.now() - sentAt));
  }

  /** Asks at once; no answer is no fault. */
  measure(): void {
    this.#options.beat(this.#options.clock.now());
  }

  /** Asks at once, and gives it little time: for a machine that just woke up or changed networks. */
  probe(): void {
    this.#probe?.cancel();
    this.#probe = this.#options.clock.setTimeout(this.#options.onDead, probeTimeoutMs);
    this.#options.beat(this.#options.clock.now());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#probe?.cancel();
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#tick(), delayMs);
  }

  #tick(): void {
    if (this.#unanswered >= missesAllowed) return this.#options.onDead();
    this.#unanswered += 1;
    this.#options.beat(this.#options.clock.now());
    this.#schedule(this.#options.intervalMs);
  }
}
