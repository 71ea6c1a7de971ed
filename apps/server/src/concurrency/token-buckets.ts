import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { refilled, type Rate } from "./token-bucket.ts";

/** Most buckets kept; more keys mean an attack from many addresses. The least recently used are dropped first. */
const maxKeys = 100_000;

/** Token buckets by key, for rate limits. Memory is bounded: a full bucket is the same as none and is dropped. */
export class TokenBuckets {
  rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<number | string, { tokens: number; at: number }>();

  constructor(rate: Rate, clock: Clock) {
    this.rate = rate;
    this.#clock = clock;
  }

  /** Takes `cost` tokens and returns 0; or takes none and returns the milliseconds until there are enough. */
  take(key: number | string, cost = 1): number {
    const tokens = this.#tokens(key);
    if (tokens < cost) return Math.ceil(((cost - tokens) / this.rate.perSecond) * 1_000);
    this.#put(key, tokens - cost);
    return 0;
  }

  /** The milliseconds until there are `cost` tokens; takes none. */
  waitMs(key: number | string, cost = 1): number {
    return Math.max(0, Math.ceil(((cost - this.#tokens(key)) / this.rate.perSecond) * 1_000));
  }

  /** Takes `cost` tokens although there may be too few, and returns what is left: negative when it is owed. */
  force(key: number | string, cost: number): number {
    const tokens = this.left(key) - cost;
    this.set(key, tokens);
    return tokens;
  }

  left(key: number | string): number {
    return this.#tokens(key);
  }

  set(key: number | string, tokens: number): void {
    this.#put(key, Math.min(this.rate.burst, tokens));
  }

  /** `take` for commands. @throws AppError `rate_limited` */
  spend(key: number | string, cost = 1): void {
    requireTokens(this.take(key, cost));
  }

  /** Takes `cost` tokens of something that is done already; the bucket may go into debt. Below zero, returns tokens. */
  charge(key: number | string, cost: number): void {
    if (cost !== 0) this.force(key, cost);
  }

  /** Returns a token that was taken for something that turned out to cost none. */
  refund(key: number | string): void {
    if (this.#buckets.has(key)) this.#put(key, Math.min(this.rate.burst, this.#tokens(key) + 1));
  }

  #tokens(key: number | string): number {
    const bucket = this.#buckets.get(key);
    return bucket ? refilled(this.rate, bucket.tokens, this.#clock.monotonic() - bucket.at) : this.rate.burst;
  }

  /** Map order is by last change, so the first key is the least recently used one. */
  #put(key: number | string, tokens: number): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens, at: this.#clock.monotonic() });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= maxKeys && this.#tokens(oldest) < this.rate.burst) break;
      this.#buckets.delete(oldest);
    }
  }
}

/** Turns the answer of `take` into an error. @throws AppError `rate_limited` unless `retryAfterMs` is 0 */
export function requireTokens(retryAfterMs: number): void {
  if (retryAfterMs > 0) throw new AppError("rate_limited", "Too many requests. Try again later.", { retryAfterMs });
}
