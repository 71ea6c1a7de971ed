import { createHash } from "node:crypto";
import type { Clock, Timer } from "../../clock.ts";
import type { Connection } from "../connection/connection.ts";

interface Attempt {
  /** The key for limits by address. */
  readonly limitKey: string;
  readonly token: string | null;
}

interface Held {
  readonly connection: Connection;
  readonly limitKey: string;
  readonly until: number;
  readonly close: () => void;
}

/** Refusals that are answered at once. */
const patience = 3;
const firstDelayMs = 2_000;
const maxDelayMs = 60_000;
/** Refusals are forgotten after this time without another one. */
const forgetMs = 600_000;
const maxKeys = 10_000;
/** Most connections held, in all and of one address; those above are refused at once. */
const maxHeld = 500;
const maxHeldPerAddress = 10;
const sweepMs = 1_000;

/**
 * Clients of version 1 try again one or two seconds after each refusal, for ever: to be accepted and then closed resets
 * their backoff. So the same token from the same address is refused later and later; its connections are kept open
 * unread meanwhile. Connections that are held cost a socket and one timer for all, and their number is bounded.
 */
export class RefusalDelays {
  readonly #clock: Clock;
  readonly #refusals = new Map<string, { count: number; at: number }>();
  readonly #held = new Set<Held>();
  readonly #heldByAddress = new Map<string, number>();
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get heldCount(): number {
    return this.#held.size;
  }

  /** Counts the refusal and calls `close`, at once or after a delay that grows with the number of refusals. */
  refuse(connection: Connection, attempt: Attempt, close: () => void): void {
    const delayMs = this.#nextDelayMs(attempt);
    const { limitKey } = attempt;
    const heldHere = this.#heldByAddress.get(limitKey) ?? 0;
    if (delayMs === 0 || this.#held.size >= maxHeld || heldHere >= maxHeldPerAddress || !connection.isOpen) {
      return close();
    }
    const held = { connection, limitKey, until: this.#clock.monotonic() + delayMs, close };
    this.#held.add(held);
    this.#heldByAddress.set(limitKey, heldHere + 1);
    // Its setup does not time out: it is over.
    connection.checkAt = Infinity;
    connection.onClosed(() => this.#forget(held));
    this.#timer ??= this.#clock.setInterval(() => this.#sweep(), sweepMs);
  }

  #nextDelayMs({ limitKey, token }: Attempt): number {
    const now = this.#clock.monotonic();
    // A digest: tokens are not kept after authentication.
    const key = `${limitKey} ${createHash("sha256")
      .update(token ?? "")
      .digest("base64")}`;
    const known = this.#refusals.get(key);
    const count = known && now - known.at < forgetMs ? known.count + 1 : 1;
    // Map order is by last refusal.
    this.#refusals.delete(key);
    this.#refusals.set(key, { count, at: now });
    if (this.#refusals.size > maxKeys) this.#refusals.delete(this.#refusals.keys().next().value!);
    return count <= patience ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** (count - patience - 1));
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const held of this.#held) {
      if (held.until > now) continue;
      this.#forget(held);
      held.close();
    }
  }

  #forget(held: Held): void {
    if (!this.#held.delete(held)) return;
    const left = this.#heldByAddress.get(held.limitKey)! - 1;
    if (left > 0) this.#heldByAddress.set(held.limitKey, left);
    else this.#heldByAddress.delete(held.limitKey);
    if (this.#held.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }
}
