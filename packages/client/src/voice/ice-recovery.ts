import type { Clock, Timer } from "../platform.ts";

/** A new connection may need this long to try relays. */
const firstConnectMs = 8_000;
/** One of two ways that take turns, in the first round. */
const oneOfTwoMs = 4_000;
/** Shorter interruptions end by themselves. */
const brokenMs = 2_000;
const longestMs = 30_000;

/** Repeats `attempt` with growing delays for as long as a peer connection is not connected. */
export class IceRecovery {
  readonly #clock: Clock;
  readonly #attempt: () => void;
  /** The polite end waits longer, so that both ends rarely restart ICE at once. */
  readonly #delayFactor: number;
  #timer: Timer | null = null;
  #delayMs = firstConnectMs;

  constructor(options: { clock: Clock; polite: boolean; attempt: () => void }) {
    this.#clock = options.clock;
    this.#attempt = options.attempt;
    this.#delayFactor = options.polite ? 1.5 : 1;
  }

  update(state: RTCPeerConnectionState): void {
    if (state === "connected" || state === "closed") {
      this.stop();
      this.#delayMs = brokenMs;
    } else {
      this.#schedule();
    }
  }

  /** Attempts at once after signalling was restored, if an attempt is scheduled. */
  retryNow(): void {
    if (!this.#timer) return;
    this.stop();
    this.#delayMs = brokenMs;
    this.#attempt();
    this.#schedule();
  }

  /**
   * There is a new connection, which gets the time of a first one. When the next one goes another way it gets less in round 0, and
   * twice as much in each further round, or a slow network would never be given enough.
   */
  startOver(round: number | null = null): void {
    this.stop();
    this.#delayMs = round === null ? firstConnectMs : Math.min(longestMs, oneOfTwoMs * 2 ** round);
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#timer) return;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#delayMs = Math.min(longestMs, this.#delayMs * 2);
      this.#attempt();
      this.#schedule();
    }, this.#delayMs * this.#delayFactor);
  }
}
