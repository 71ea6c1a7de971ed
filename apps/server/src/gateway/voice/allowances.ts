import type { Clock } from "../../clock.ts";
import { TokenBuckets } from "../../concurrency/token-buckets.ts";

/**
 * Rate limits of one user's voice connections together: another connection brings no new ones. Signals: entering a full room
 * sends an offer or answer and about ten candidates to each participant at once. The other limits are what a person can do by
 * hand or by voice.
 */
const rates = {
  signal: { burst: 600, perSecond: 60 },
  speaking: { burst: 20, perSecond: 10 },
  status: { burst: 20, perSecond: 4 },
  media: { burst: 20, perSecond: 2 },
  /** Each join may make all others take new keys; changes of the keys come as others join. */
  keysJoin: { burst: 20, perSecond: 1 },
  keysCommit: { burst: 60, perSecond: 5 },
  report: { burst: 5, perSecond: 1 },
  ring: { burst: 5, perSecond: 0.5 },
};
export type Allowance = keyof typeof rates;

/** Of the users on this node. */
export class Allowances {
  readonly #buckets: Readonly<Record<Allowance, TokenBuckets>>;

  constructor(clock: Clock) {
    this.#buckets = {
      signal: new TokenBuckets(rates.signal, clock),
      speaking: new TokenBuckets(rates.speaking, clock),
      status: new TokenBuckets(rates.status, clock),
      media: new TokenBuckets(rates.media, clock),
      keysJoin: new TokenBuckets(rates.keysJoin, clock),
      keysCommit: new TokenBuckets(rates.keysCommit, clock),
      report: new TokenBuckets(rates.report, clock),
      ring: new TokenBuckets(rates.ring, clock),
    };
  }

  /** @throws AppError `rate_limited` */
  spend(userId: number, allowance: Allowance): void {
    this.#buckets[allowance].spend(userId);
  }
}
