import type { Clock } from "../clock.ts";

export type SecurityEvent = "auth_failure" | "rate_limited" | "forbidden" | "malformed" | "token_reuse";

interface Offender {
  windowStartedAt: number;
  count: number;
  isReported: boolean;
}

const windowMs = 60_000;
/** So many events of one address within a window are no accident. */
const suspiciousCount = 20;
/** More addresses than this are forgotten, oldest first: the attack must not fill our memory. */
const maxAddresses = 10_000;

/** Counts what hostile or broken clients do, by address, and reports each offender once a minute. */
export class SecurityEvents {
  readonly totals: Record<SecurityEvent, number> = {
    auth_failure: 0,
    rate_limited: 0,
    forbidden: 0,
    malformed: 0,
    token_reuse: 0,
  };
  readonly #clock: Clock;
  readonly #report: (address: string, event: SecurityEvent, count: number) => void;
  readonly #offenders = new Map<string, Offender>();

  constructor(options: { clock: Clock; report: (address: string, event: SecurityEvent, count: number) => void }) {
    this.#clock = options.clock;
    this.#report = options.report;
  }

  record(event: SecurityEvent, address: string): void {
    this.totals[event] += 1;
    const offender = this.#offenderAt(address);
    offender.count += 1;
    if (offender.count < suspiciousCount || offender.isReported) return;
    offender.isReported = true;
    this.#report(address, event, offender.count);
  }

  /** Addresses that were suspicious within the last window. */
  get suspiciousClients(): number {
    const since = this.#clock.monotonic() - windowMs;
    let count = 0;
    for (const offender of this.#offenders.values()) {
      if (offender.count >= suspiciousCount && offender.windowStartedAt > since) count += 1;
    }
    return count;
  }

  #offenderAt(address: string): Offender {
    const now = this.#clock.monotonic();
    const known = this.#offenders.get(address);
    if (known && now - known.windowStartedAt < windowMs) return known;
    // Set anew, so that map order is by start of the window.
    this.#offenders.delete(address);
    const offender: Offender = { windowStartedAt: now, count: 0, isReported: false };
    this.#offenders.set(address, offender);
    if (this.#offenders.size > maxAddresses) this.#offenders.delete(this.#offenders.keys().next().value!);
    return offender;
  }
}
