import type { Clock } from "../clock.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { requireTokens, TokenBuckets } from "../concurrency/token-buckets.ts";

/** An answer of more bytes counts as several requests. */
const bytesOfRequest = 64 * 1024;

/**
 * How much a user's requests are answered, besides how many they are: what somebody has made large costs the more, the larger
 * it is. Known afterwards only, so that it may leave a debt, for which the next requests wait.
 */
export class AnswerBudget {
  readonly #buckets: TokenBuckets;

  /** `requests`: the rate of a user's requests. */
  constructor(requests: Rate, clock: Clock) {
    this.#buckets = new TokenBuckets(requests, clock);
  }

  /** Throws `rate_limited` while the user owes for earlier answers. */
  require(userId: number): void {
    requireTokens(this.#buckets.waitMs(userId, 0));
  }

  charge(userId: number, answer: unknown): void {
    const bytes = typeof answer === "string" || Buffer.isBuffer(answer) ? answer.length : 0;
    this.#buckets.charge(userId, Math.floor(bytes / bytesOfRequest));
  }
}
