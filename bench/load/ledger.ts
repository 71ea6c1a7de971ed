import type { Connection } from "./connection.ts";
import { Samples, type Percentiles } from "./latencies.ts";

interface Sent {
  channel: number;
  scheduledAt: number;
  sentAt: number;
}

export interface LedgerReport {
  /** Messages that were due in the window. */
  messages: number;
  /** Arrivals of these messages expected on sampled connections, and how many of them are missing. */
  expected: number;
  missing: number;
  duplicates: number;
  /** Number of times a connection saw a position of its channel skipped. */
  gaps: number;
  /** Milliseconds until a message arrived, from the time it was due and from the time it was sent. */
  latencyMs: Percentiles;
  latencyFromSendMs: Percentiles;
}

const digits = /^#(\d+) /;

/**
 * Records when each message was due, sent and received. The number at the beginning of its text identifies a message.
 */
export class Ledger {
  /** Number of sampled connections in each channel. */
  readonly sampledIn = new Map<number, number>();
  /** Channels in which messages were due. */
  readonly busyChannels = new Set<number>();
  #sent: Sent[] = [];
  #seen = new Map<Connection, Set<number>>();
  #from = Number.POSITIVE_INFINITY;
  #to = Number.POSITIVE_INFINITY;
  #expected = 0;
  #arrived = 0;
  #duplicates = 0;
  #gaps = 0;
  #latency = new Samples();
  #latencyFromSend = new Samples();

  static head(number: number): string {
    return `#${number} `;
  }

  /** The next message's number. */
  due(channel: number, scheduledAt: number): number {
    const number = this.#sent.length;
    this.busyChannels.add(channel);
    this.#sent.push({ channel, scheduledAt, sentAt: performance.now() });
    if (number >= this.#from && number < this.#to) this.#expected += this.sampledIn.get(channel) ?? 0;
    return number;
  }

  /** The message's number; null when the text has none. */
  arrived(connection: Connection, content: string, at: number): number | null {
    const number = Number(digits.exec(content)?.[1] ?? -1);
    const sent = this.#sent[number];
    if (!sent) return null;
    if (number < this.#from || number >= this.#to) return number;
    const seen = this.#seenBy(connection);
    if (seen.has(number)) {
      this.#duplicates += 1;
      return number;
    }
    seen.add(number);
    this.#arrived += 1;
    this.#latency.add(at - sent.scheduledAt);
    this.#latencyFromSend.add(at - sent.sentAt);
    return number;
  }

  skipped(): void {
    this.#gaps += 1;
  }

  openWindow(): void {
    this.#from = this.#sent.length;
    this.#to = Number.POSITIVE_INFINITY;
    this.#seen.clear();
    this.#expected = this.#arrived = this.#duplicates = this.#gaps = 0;
    this.#latency = new Samples();
    this.#latencyFromSend = new Samples();
  }

  /** Ignores messages due from now on; those due before may still arrive. */
  closeWindow(): void {
    this.#to = this.#sent.length;
  }

  get isComplete(): boolean {
    return this.#arrived === this.#expected;
  }

  report(): LedgerReport {
    return {
      messages: this.#to - this.#from,
      expected: this.#expected,
      missing: this.#expected - this.#arrived,
      duplicates: this.#duplicates,
      gaps: this.#gaps,
      latencyMs: this.#latency.summary(),
      latencyFromSendMs: this.#latencyFromSend.summary(),
    };
  }

  #seenBy(connection: Connection): Set<number> {
    const seen = this.#seen.get(connection) ?? new Set();
    this.#seen.set(connection, seen);
    return seen;
  }
}
