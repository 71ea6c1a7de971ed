import { hash } from "node:crypto";
import type { Clock } from "../../clock.ts";

/** Tokens remembered; those refused longest ago are forgotten first. */
const maxTokens = 10_000;
/** A refusal is remembered no longer, however long the user would have to wait. */
const longestMs = 1_000;
/** Refusals of a token count together unless so long passes without one. */
const forgetMs = 30_000;

interface Refusal {
  count: number;
  at: number;
  until: number;
}

/**
 * Tokens whose user has no rate left at the moment. Who goes on asking is refused before anything is read for it: to find out whose
 * the token is costs more than all else that a refusal takes.
 */
export class RefusedTokens {
  readonly #clock: Clock;
  readonly #patience: number;
  /** By digest, the last refused at the end: tokens are not kept. */
  readonly #refusals = new Map<string, Refusal>();

  /** `patience`: refusals of a token after which it is refused here. */
  constructor(clock: Clock, { patience }: { patience: number }) {
    this.#clock = clock;
    this.#patience = patience;
  }

  get isEmpty(): boolean {
    return this.#refusals.size === 0;
  }

  /** The milliseconds for which the token is refused; 0: not at all. */
  waitMs(token: string): number {
    if (this.isEmpty) return 0;
    const known = this.#refusals.get(digestOf(token));
    if (!known || known.count <= this.#patience) return 0;
    return Math.max(0, known.until - this.#clock.monotonic());
  }

  /** Its user was refused, and may ask again after `retryAfterMs`. */
  note(token: string, retryAfterMs: number): void {
    const now = this.#clock.monotonic();
    const digest = digestOf(token);
    const known = this.#refusals.get(digest);
    const count = known && now - known.at < forgetMs ? known.count + 1 : 1;
    this.#refusals.delete(digest);
    this.#refusals.set(digest, { count, at: now, until: now + Math.min(longestMs, retryAfterMs) });
    for (const [oldest, { at }] of this.#refusals) {
      if (this.#refusals.size <= maxTokens && now - at < forgetMs) break;
      this.#refusals.delete(oldest);
    }
  }
}

function digestOf(token: string): string {
  return hash("sha256", token, "base64");
}
