import type { Clock } from "../clock.ts";
import { KeyedSemaphore } from "../concurrency/keyed-semaphore.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { requireTokens, TokenBuckets } from "../concurrency/token-buckets.ts";

/** An answer of more bytes counts as several requests. */
const bytesOfRequest = 64 * 1024;
/** Channels that are looked at for one, also those that are not in it since the user does not see them. */
const channelsOfRequest = 200;

/**
 * How much a user's requests are answered, besides how many they are: what somebody has made large costs the more, the larger
 * it is. Known afterwards only, so that it may leave a debt, for which the next requests wait.
 */
export class AnswerBudget {
  readonly #buckets: TokenBuckets;
  readonly #turns = new KeyedSemaphore<number>(1);

  /** `requests`: the rate of a user's requests. */
  constructor(requests: Rate, clock: Clock) {
    this.#buckets = new TokenBuckets(requests, clock);
  }

  /** Throws `rate_limited` while the user owes for earlier answers. */
  require(userId: number): void {
    requireTokens(this.#buckets.waitMs(userId, 0));
  }

  /**
   * For answers that somebody may have made large: those of one user are read one after the other, since many at once would be
   * read, and be in memory together, before the first has cost anything. Throws as `require` does.
   */
  inTurn<Value>(userId: number, read: () => Promise<Value>): Promise<Value> {
    return this.#turns.run(userId, async () => {
      this.require(userId);
      return read();
    });
  }

  charge(userId: number, answer: unknown): void {
    const bytes = typeof answer === "string" || Buffer.isBuffer(answer) ? Buffer.byteLength(answer) : 0;
    this.#buckets.charge(userId, Math.floor(bytes / bytesOfRequest));
  }

  chargeChannels(userId: number, count: number): void {
    this.#buckets.charge(userId, Math.floor(count / channelsOfRequest));
  }
}
