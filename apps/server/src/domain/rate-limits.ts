import { AppError } from "../errors.ts";
import type { Clock } from "../clock.ts";

export interface Rate {
  perSecond: number;
  burst: number;
}

/** More keys than this means an attack from many addresses; the least recently seen are forgotten first. */
const maxKeys = 100_000;

/** Token buckets by key. Memory is bounded: a bucket that has filled up again is the same as none. */
export class TokenBuckets {
  readonly rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<number | string, { tokens: number; at: number }>();

  constructor(rate: Rate, clock: Clock) {
    this.rate = rate;
    this.#clock = clock;
  }

  /** Takes one token and answers 0, or takes none and answers the milliseconds until there is one. */
  take(key: number | string): number {
    const tokens = this.#tokens(key);
    if (tokens < 1) return Math.ceil(((1 - tokens) / this.rate.perSecond) * 1_000);
    this.#put(key, tokens - 1);
    return 0;
  }

  /** `take` for commands: refuses with `rate_limited`. */
  spend(key: number | string): void {
    const retryAfterMs = this.take(key);
    if (retryAfterMs > 0) throw new AppError("rate_limited", "Too many requests. Try again later.", { retryAfterMs });
  }

  /** Gives back a token that turned out not to be owed. */
  refund(key: number | string): void {
    if (this.#buckets.has(key)) this.#put(key, Math.min(this.rate.burst, this.#tokens(key) + 1));
  }

  #tokens(key: number | string): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return this.rate.burst;
    const elapsedMs = this.#clock.monotonic() - bucket.at;
    return Math.min(this.rate.burst, bucket.tokens + (elapsedMs * this.rate.perSecond) / 1_000);
  }

  /** Map order is by last change, so the first key is the one that was quiet for longest. */
  #put(key: number | string, tokens: number): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens, at: this.#clock.monotonic() });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= maxKeys && this.#tokens(oldest) < this.rate.burst) break;
      this.#buckets.delete(oldest);
    }
  }
}

/** One bucket per person or address and kind of command; HTTP and gateway draw from the same ones. */
export interface RateLimits {
  /** By user id; spent by `sendMessage` itself. */
  readonly messages: TokenBuckets;
  /** By user id: edits, deletions, reactions, status, profile, joining and leaving; spent by those commands. */
  readonly changes: TokenBuckets;
  /** By user id; spent by the gateway. */
  readonly typing: TokenBuckets;
  /** By user id; spent by the gateway. */
  readonly joins: TokenBuckets;
  /** By user id: new sockets; spent by the gateway. */
  readonly connections: TokenBuckets;
  /** By user id: calls over HTTP, and what the gateway is asked for that has no rate of its own. */
  readonly requests: TokenBuckets;
  /** By address. */
  readonly registrations: TokenBuckets;
  /** By address. */
  readonly logins: TokenBuckets;
  /** By address, or session, and folded account name. */
  readonly accountLogins: TokenBuckets;
  /** By folded account name, so that many addresses cannot guess at one account without end. */
  readonly accountGuesses: TokenBuckets;
}

export type RateSettings = Readonly<Record<Exclude<keyof RateLimits, "accountGuesses">, Rate>>;

/** As many addresses guess at full pace before they hinder each other, and the owner at a new place with them. */
const guessingAddresses = 10;

export function createRateLimits(rates: RateSettings, clock: Clock): RateLimits {
  return {
    messages: new TokenBuckets(rates.messages, clock),
    changes: new TokenBuckets(rates.changes, clock),
    typing: new TokenBuckets(rates.typing, clock),
    joins: new TokenBuckets(rates.joins, clock),
    connections: new TokenBuckets(rates.connections, clock),
    requests: new TokenBuckets(rates.requests, clock),
    registrations: new TokenBuckets(rates.registrations, clock),
    logins: new TokenBuckets(rates.logins, clock),
    accountLogins: new TokenBuckets(rates.accountLogins, clock),
    accountGuesses: new TokenBuckets(times(guessingAddresses, rates.accountLogins), clock),
  };
}

function times(factor: number, { perSecond, burst }: Rate): Rate {
  return { perSecond: factor * perSecond, burst: factor * burst };
}
