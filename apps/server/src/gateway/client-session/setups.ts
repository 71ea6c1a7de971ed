import type { Clock } from "../../clock.ts";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { requireTokens, TokenBuckets } from "../../concurrency/token-buckets.ts";

/**
 * Servers, restricted channels and threads of a user's new sessions: many devices of those who are in many. Channels count whether
 * the user sees them or not, since each is looked at.
 */
const subscriptions = { burst: 20_000, perSecond: 500 };

/**
 * The setups of sessions, one of each user at a time. Each reads everything that its user receives events of and subscribes to it,
 * and somebody may have made that very much. How much is known afterwards only, so that it may leave a debt.
 */
export class Setups {
  readonly #turns = new KeyedSemaphore<number>(1);
  readonly #subscriptions: TokenBuckets;

  constructor(clock: Clock) {
    this.#subscriptions = new TokenBuckets(subscriptions, clock);
  }

  /**
   * `setUp` resolves with how much it was; it may read again by itself, which costs nothing more.
   * @throws AppError `rate_limited` while the user owes for earlier ones
   */
  run(userId: number, setUp: () => Promise<number>): Promise<void> {
    return this.#turns.run(userId, async () => {
      requireTokens(this.#subscriptions.waitMs(userId));
      this.#subscriptions.charge(userId, await setUp());
    });
  }
}
