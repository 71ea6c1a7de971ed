import type { SecurityEvent, SecurityRecord } from "@miscord/protocol";
import { limitKeyOf } from "../client-address.ts";
import type { Clock } from "../clock.ts";

interface Offender {
  windowStartedAt: number;
  windowCount: number;
  isReported: boolean;
  firstAt: number;
  lastAt: number;
  counts: Partial<Record<SecurityEvent, number>>;
}

export interface SecurityEventsOptions {
  readonly clock: Clock;
  readonly report: (address: string, event: SecurityEvent, count: number) => void;
}

const windowMs = 60_000;
/** An address with this many events within a window is suspicious. */
const suspiciousCount = 20;
/** Most addresses kept, so that an attack cannot fill the memory. The longest inactive ones are dropped first. */
const maxAddresses = 10_000;
/** The counts of an address restart after this time without events. */
const forgetMs = 24 * 3_600_000;

/** Counts signs of attacks and broken clients by address, and reports each address at most once a minute. */
export class SecurityEvents {
  readonly totals: Record<SecurityEvent, number> = {
    auth_failure: 0,
    rate_limited: 0,
    forbidden: 0,
    malformed: 0,
    token_reuse: 0,
  };
  readonly #options: SecurityEventsOptions;
  readonly #offenders = new Map<string, Offender>();

  constructor(options: SecurityEventsOptions) {
    this.#options = options;
  }

  record(event: SecurityEvent, address: string): void {
    this.totals[event] += 1;
    const key = limitKeyOf(address);
    const offender = this.#offenderAt(key);
    offender.windowCount += 1;
    offender.lastAt = this.#options.clock.now();
    offender.counts[event] = (offender.counts[event] ?? 0) + 1;
    if (offender.windowCount < suspiciousCount || offender.isReported) return;
    offender.isReported = true;
    this.#options.report(key, event, offender.windowCount);
  }

  /** Number of addresses that are suspicious in their current window. */
  get suspiciousClients(): number {
    const now = this.#options.clock.monotonic();
    let count = 0;
    for (const offender of this.#offenders.values()) if (isSuspicious(offender, now)) count += 1;
    return count;
  }

  /** Records of the addresses with an event since `sinceMs` (Unix milliseconds), latest first. */
  recordsSince(sinceMs: number, limit: number): SecurityRecord[] {
    const now = this.#options.clock.monotonic();
    return [...this.#offenders]
      .filter(([, { lastAt }]) => lastAt >= sinceMs)
      .toSorted(([, a], [, b]) => b.lastAt - a.lastAt)
      .slice(0, limit)
      .map(([address, offender]) => ({
        address,
        first_at: new Date(offender.firstAt).toISOString(),
        last_at: new Date(offender.lastAt).toISOString(),
        counts: { ...offender.counts },
        is_suspicious: isSuspicious(offender, now),
      }));
  }

  /** Continues from the records of an earlier process. */
  restore(records: readonly SecurityRecord[]): void {
    for (const { address, first_at: firstAt, last_at: lastAt, counts } of records.toReversed()) {
      this.#offenders.set(address, {
        windowStartedAt: Number.NEGATIVE_INFINITY,
        windowCount: 0,
        isReported: false,
        firstAt: Date.parse(firstAt),
        lastAt: Date.parse(lastAt),
        counts: { ...counts },
      });
    }
  }

  #offenderAt(address: string): Offender {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    const known = this.#offenders.get(address);
    if (known && startedAt - known.windowStartedAt < windowMs) return known;
    const window = { windowStartedAt: startedAt, windowCount: 0, isReported: false };
    const past = known && clock.now() - known.lastAt < forgetMs ? known : undefined;
    const offender = { firstAt: clock.now(), lastAt: 0, counts: {}, ...past, ...window };
    // Reinserted, so that the map is ordered by the start of the window.
    this.#offenders.delete(address);
    this.#offenders.set(address, offender);
    if (this.#offenders.size > maxAddresses) this.#offenders.delete(this.#offenders.keys().next().value!);
    return offender;
  }
}

function isSuspicious({ windowCount, windowStartedAt }: Offender, now: number): boolean {
  return windowCount >= suspiciousCount && now - windowStartedAt < windowMs;
}
