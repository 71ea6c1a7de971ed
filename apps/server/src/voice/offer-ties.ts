import type { Clock, Timer } from "../clock.ts";
import type { Signal } from "./events.ts";

/**
 * How long the first offer of a pair is held after the latest offer of either end. When both offers cross, Chromium
 * rolls back its own; if it made that offer a moment before, it never gathers candidates again.
 */
const firstOfferMs = 1_000;
/** However often the other end offers, the first offer and its candidates are held for no longer than this. */
const longestHoldMs = 3_000;
/** An offer that is not answered for this long no longer stops the other end's offer. */
const answerMs = 3_000;

type Pass = (fromId: number, targetId: number, signal: Signal) => void;

/** Negotiations between clients that make offers to each other at the same time and cannot handle that. */
export class OfferTies {
  readonly #clock: Clock;
  readonly #pass: Pass;
  readonly #ties = new Map<string, OfferTie>();

  constructor(clock: Clock, pass: Pass) {
    this.#clock = clock;
    this.#pass = pass;
  }

  signal(fromId: number, targetId: number, signal: Signal): void {
    const key = fromId < targetId ? `${fromId} ${targetId}` : `${targetId} ${fromId}`;
    const tie = this.#ties.get(key) ?? new OfferTie([fromId, targetId], this.#clock, this.#pass);
    this.#ties.set(key, tie);
    tie.signal(fromId, signal);
  }

  /** The user left the room. */
  forget(userId: number): void {
    for (const [key, tie] of this.#ties) {
      if (!tie.userIds.includes(userId)) continue;
      tie.close();
      this.#ties.delete(key);
    }
  }
}

/** Of two crossing offers of one pair, passes the first one and drops the second one with its candidates. */
class OfferTie {
  readonly userIds: readonly [number, number];
  readonly #clock: Clock;
  readonly #pass: Pass;
  /** Whose offer is open; null when the last one was answered. */
  #offererId: number | null = null;
  /** Whose offer was dropped, and whose candidates therefore belong to no description of the other end. */
  #droppedId: number | null = null;
  /** The open offer and its candidates while they wait. */
  #held: Signal[] | null = null;
  #heldSince = 0;
  #isFirst = true;
  #timer: Timer | null = null;

  constructor(userIds: readonly [number, number], clock: Clock, pass: Pass) {
    this.userIds = userIds;
    this.#clock = clock;
    this.#pass = pass;
  }

  signal(fromId: number, signal: Signal): void {
    if (signal.kind === "offer") return this.#offer(fromId, signal);
    if (signal.kind === "answer") this.#answered(fromId);
    else if (fromId === this.#droppedId) return;
    this.#forward(fromId, signal);
  }

  close(): void {
    this.#timer?.cancel();
  }

  #offer(fromId: number, offer: Signal): void {
    if (this.#offererId !== null && this.#offererId !== fromId) {
      this.#droppedId = fromId;
      if (this.#held) this.#after(Math.min(firstOfferMs, this.#holdLeftMs()), () => this.#release());
      return;
    }
    this.#offererId = fromId;
    if (this.#droppedId === fromId) this.#droppedId = null;
    if (this.#held) {
      // A renewed offer replaces the one that waits.
      this.#held = [offer];
    } else if (this.#isFirst) {
      this.#held = [offer];
      this.#heldSince = this.#clock.monotonic();
      this.#after(firstOfferMs, () => this.#release());
    } else {
      this.#pass(fromId, this.#otherThan(fromId), offer);
      this.#after(answerMs, () => this.#expire());
    }
  }

  #answered(fromId: number): void {
    if (this.#offererId === null || this.#offererId === fromId) return;
    this.#release();
    this.#isFirst = false;
    this.#expire();
  }

  #forward(fromId: number, signal: Signal): void {
    if (this.#held && fromId === this.#offererId) this.#held.push(signal);
    else this.#pass(fromId, this.#otherThan(fromId), signal);
  }

  #release(): void {
    const [held, offererId] = [this.#held, this.#offererId];
    this.#held = null;
    this.#isFirst = false;
    if (offererId !== null) held?.forEach((signal) => this.#pass(offererId, this.#otherThan(offererId), signal));
    this.#after(answerMs, () => this.#expire());
  }

  #holdLeftMs(): number {
    return Math.max(0, this.#heldSince + longestHoldMs - this.#clock.monotonic());
  }

  #expire(): void {
    this.#timer?.cancel();
    this.#offererId = this.#droppedId = null;
  }

  #after(delayMs: number, act: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(act, delayMs);
  }

  #otherThan(userId: number): number {
    const [one, other] = this.userIds;
    return userId === one ? other : one;
  }
}
