import type { Clock, Timer } from "../platform.ts";

const firstBeatWithinMs = 5_000;
const probeTimeoutMs = 3_000;
const missesAllowed = 2;

interface Options {
  clock: Clock;
  random: () => number;
  intervalMs: number;
  /** Sends a heartbeat; the acknowledgement repeats `sentAt` (milliseconds since the epoch). */
  beat: (sentAt: number) => void;
  onRoundTrip: (rttMs: number) => void;
  onDead: () => void;
}

/**
 * Detects a dead connection: two heartbeats in a row without acknowledgement. The first heartbeat is sent at a random
 * time, so that clients that reconnect together do not send together. Unacknowledged heartbeats are counted, not time:
 * a hidden tab, whose timers run once a minute, is not mistaken for a dead connection.
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
    this.alive();
    this.#options.onRoundTrip(Math.max(0, this.#options.clock.now() - sentAt));
  }

  /** Something was received: a slow or busy connection is not dead, so a probe in flight is ended. */
  alive(): void {
    this.#probe?.cancel();
    this.#probe = null;
  }

  /** Sends a heartbeat now; a missing acknowledgement has no consequence. */
  measure(): void {
    this.#options.beat(this.#options.clock.now());
  }

  /**
   * Sends a heartbeat now and allows 3 s for any answer: for a device that woke up, lost or changed its network, and for
   * a message without an acknowledgement. A probe in flight is not prolonged by another one.
   */
  probe(): void {
    if (this.#probe) return;
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
