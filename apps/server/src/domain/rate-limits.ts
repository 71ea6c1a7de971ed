import type { Clock } from "../clock.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { TokenBuckets } from "../concurrency/token-buckets.ts";

/** Token buckets by kind of command; HTTP and gateway spend from the same ones. */
export interface RateLimits {
  /** By user id; spent by `sendMessage` itself. */
  readonly messages: TokenBuckets;
  /**
   * By user id: everything but messages that others feel. `serverCommand` and `channelCommand` spend it; so do edits,
   * deletions, reactions, status, profile, creating, joining and leaving a server.
   */
  readonly changes: TokenBuckets;
  /** By user id; spent by the gateway. */
  readonly typing: TokenBuckets;
  /** By user id; spent by the gateway. */
  readonly joins: TokenBuckets;
  /** By user id: new sockets; spent by the gateway. */
  readonly connections: TokenBuckets;
  /** By user id: HTTP requests, and gateway commands that have no rate of their own. */
  readonly requests: TokenBuckets;
  /** By user id of the sender: invitations that notify somebody. */
  readonly invitations: TokenBuckets;
  /** By user id of the receiver: invitations from all senders together. */
  readonly invitationsReceived: TokenBuckets;
  /** By sender and receiver together, so that one sender cannot use up what a receiver gets from everybody. */
  readonly invitationsToOne: TokenBuckets;
  /** By client address. */
  readonly registrations: TokenBuckets;
  /** By client address. */
  readonly logins: TokenBuckets;
  /** By client address (or session id) and folded username together. */
  readonly accountLogins: TokenBuckets;
  /** By client address: wrong refresh tokens. As many as logins. */
  readonly refreshFailures: TokenBuckets;
  /** By folded username: bounds password guesses at one account from many addresses. */
  readonly accountGuesses: TokenBuckets;
}

/** Rates that follow from the rate of another kind. */
type Derived = "accountGuesses" | "refreshFailures" | "invitationsToOne";

export type RateSettings = Readonly<Record<Exclude<keyof RateLimits, Derived>, Rate>>;

/**
 * The limit per account allows the attempts of ten addresses. Beyond that all unknown addresses are slowed, including the
 * owner's on a new network.
 */
const guessingAddresses = 10;
/** One sender may use this part of the invitations that a person receives from everybody. */
const shareOfOneSender = 0.3;

export function createRateLimits(rates: RateSettings, clock: Clock): RateLimits {
  return {
    messages: new TokenBuckets(rates.messages, clock),
    changes: new TokenBuckets(rates.changes, clock),
    typing: new TokenBuckets(rates.typing, clock),
    joins: new TokenBuckets(rates.joins, clock),
    connections: new TokenBuckets(rates.connections, clock),
    requests: new TokenBuckets(rates.requests, clock),
    invitations: new TokenBuckets(rates.invitations, clock),
    invitationsReceived: new TokenBuckets(rates.invitationsReceived, clock),
    invitationsToOne: new TokenBuckets(shareOf(rates.invitationsReceived), clock),
    registrations: new TokenBuckets(rates.registrations, clock),
    logins: new TokenBuckets(rates.logins, clock),
    accountLogins: new TokenBuckets(rates.accountLogins, clock),
    refreshFailures: new TokenBuckets(rates.logins, clock),
    accountGuesses: new TokenBuckets(times(guessingAddresses, rates.accountLogins), clock),
  };
}

function times(factor: number, { perSecond, burst }: Rate): Rate {
  return { perSecond: factor * perSecond, burst: factor * burst };
}

function shareOf(rate: Rate): Rate {
  const { perSecond, burst } = times(shareOfOneSender, rate);
  return { perSecond, burst: Math.max(1, Math.floor(burst)) };
}
