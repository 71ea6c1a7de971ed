import type { Clock } from "../clock.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { TokenBuckets } from "../concurrency/token-buckets.ts";

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
