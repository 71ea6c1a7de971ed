import type { CloseCause, TrafficObserver } from "../connection/transport.ts";
import type { Clock, Timer } from "../platform.ts";
import type { Metrics, MetricsSnapshot, Quality } from "./metrics.ts";

const renewEveryMs = 1_000;
const historyLength = 120;

interface Options {
  clock: Clock;
  isOnline: () => boolean;
  measure: () => void;
  queueLength: () => number;
}

/** Counts what passes, and once a second makes rates of it. */
export class ConnectionMetrics implements Metrics, TrafficObserver {
  readonly #options: Options;
  readonly #listeners = new Set<(snapshot: MetricsSnapshot) => void>();
  #timer: Timer | null = null;
  #rttMs: number | null = null;
  #frames = 0;
  #events = 0;
  #bytesIn = 0;
  #bytesOut = 0;
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
    this.#options.measure();
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

  onFrameIn = (bytes: number, events: number): void => {
    this.#bytesIn += bytes;
    if (events > 0) this.#frames += 1;
    this.#events += events;
  };

  onFrameOut = (bytes: number): void => {
    this.#bytesOut += bytes;
  };

  onRoundTrip = (rttMs: number): void => {
    this.#rttMs = rttMs;
  };

  connected(): void {
    this.#connects += 1;
    this.#connectedAt = this.#options.clock.now();
    this.#rttMs = null;
  }

  disconnected({ code, reason }: CloseCause): void {
    this.#lastDisconnect = { code, reason, at: this.#options.clock.now() };
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#renew();
      this.#schedule();
    }, renewEveryMs);
  }

  #renew(): void {
    const now = this.#options.clock.now();
    const isOnline = this.#options.isOnline();
    const rttMs = isOnline ? this.#rttMs : null;
    // A throttled tab's timer comes late: rates are for the time that passed.
    const seconds = Math.max(now - this.#before.at, 1) / 1_000;
    this.#snapshot = {
      rttMs,
      quality: isOnline ? qualityOf(rttMs) : "disconnected",
      rttHistory: [...this.#snapshot.rttHistory, rttMs].slice(-historyLength),
      messagesPerSecond: (this.#events - this.#before.events) / seconds,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      bytesInPerSecond: (this.#bytesIn - this.#before.bytesIn) / seconds,
      bytesOutPerSecond: (this.#bytesOut - this.#before.bytesOut) / seconds,
      connectedAt: isOnline ? this.#connectedAt : null,
      reconnects: Math.max(0, this.#connects - 1),
      lastDisconnect: this.#lastDisconnect,
      queueLength: this.#options.queueLength(),
      batchRatio: this.#frames === 0 ? 1 : this.#events / this.#frames,
    };
    this.#before = { at: now, events: this.#events, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut };
    for (const listener of this.#listeners) listener(this.#snapshot);
  }
}

/** Until the first heartbeat is answered, nothing speaks against the connection. */
function qualityOf(rttMs: number | null): Quality {
  if (rttMs === null || rttMs < 100) return "excellent";
  return rttMs < 250 ? "good" : "poor";
}
