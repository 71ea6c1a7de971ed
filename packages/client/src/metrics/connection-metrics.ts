import type { CloseCause, Transport } from "../connection/transport.ts";
import type { Clock, Timer } from "../platform.ts";
import type { TrafficCounter } from "./traffic-counter.ts";
import type { Metrics, MetricsSnapshot, Quality } from "./metrics.ts";

const renewEveryMs = 1_000;
const historyLength = 120;

interface Options {
  clock: Clock;
  traffic: TrafficCounter;
  transport: Pick<Transport, "isOnline" | "measure">;
  outbox: { readonly size: number };
}

/** Once a second turns the counted traffic into rates. */
export class ConnectionMetrics implements Metrics {
  readonly #options: Options;
  readonly #listeners = new Set<(snapshot: MetricsSnapshot) => void>();
  #timer: Timer | null = null;
  #connects = 0;
  #connectedAt: number | null = null;
  #lastDisconnect: MetricsSnapshot["lastDisconnect"] = null;
  #before = { at: 0, events: 0, bytesIn: 0, bytesOut: 0 };
  #snapshot: MetricsSnapshot = {
    rttMs: null,
    quality: "disconnected",
    rttHistory: [],
    messagesPerSecond: 0,
    bytesIn: 0,
    bytesOut: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    connectedAt: null,
    reconnects: 0,
    lastDisconnect: null,
    queueLength: 0,
    batchRatio: 1,
  };

  constructor(options: Options) {
    this.#options = options;
  }

  get(): MetricsSnapshot {
    return this.#snapshot;
  }

  subscribe(listener: (snapshot: MetricsSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  measure(): void {
    this.#options.transport.measure();
  }

  start(): void {
    if (this.#timer) return;
    this.#before = { ...this.#before, at: this.#options.clock.now() };
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  connected(): void {
    this.#connects += 1;
    this.#connectedAt = this.#options.clock.now();
    this.#options.traffic.rttMs = null;
    this.#show({ quality: qualityOf(null), connectedAt: this.#connectedAt });
  }

  disconnected({ code, reason }: CloseCause): void {
    this.#lastDisconnect = { code, reason, at: this.#options.clock.now() };
    this.#show({ rttMs: null, quality: "disconnected", connectedAt: null });
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#renew();
      this.#schedule();
    }, renewEveryMs);
  }

  #renew(): void {
    const now = this.#options.clock.now();
    const { isOnline } = this.#options.transport;
    const { frames, events, bytesIn, bytesOut } = this.#options.traffic;
    const before = this.#before;
    this.#before = { at: now, events, bytesIn, bytesOut };
    const rttMs = isOnline ? this.#options.traffic.rttMs : null;
    // Browsers delay the timers of hidden tabs, so the rate divides by the time that has really passed.
    const seconds = Math.max(now - before.at, 1) / 1_000;
    this.#show({
      rttMs,
      quality: isOnline ? qualityOf(rttMs) : "disconnected",
      rttHistory: [...this.#snapshot.rttHistory, rttMs].slice(-historyLength),
      messagesPerSecond: (events - before.events) / seconds,
      bytesIn,
      bytesOut,
      bytesInPerSecond: (bytesIn - before.bytesIn) / seconds,
      bytesOutPerSecond: (bytesOut - before.bytesOut) / seconds,
      connectedAt: isOnline ? this.#connectedAt : null,
      reconnects: Math.max(0, this.#connects - 1),
      lastDisconnect: this.#lastDisconnect,
      queueLength: this.#options.outbox.size,
      batchRatio: frames === 0 ? 1 : events / frames,
    });
  }

  /** At once where a connection begins or ends, since the next renewal may be a second away. */
  #show(changes: Partial<MetricsSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener(this.#snapshot);
  }
}

/** Null, before the first heartbeat is acknowledged, counts as excellent. */
function qualityOf(rttMs: number | null): Quality {
  if (rttMs === null || rttMs < 100) return "excellent";
  return rttMs < 250 ? "good" : "poor";
}
