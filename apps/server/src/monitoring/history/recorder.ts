import type { BreakerChange, MonitorAlert, MonitorSample } from "@miscord/protocol";
import type { Logger } from "pino";
import type { Clock, Timer } from "../../clock.ts";
import type { CircuitBreaker } from "../../resilience/circuit-breaker.ts";
import type { LatencyWindow } from "../latency-window.ts";
import type { MetricsSources } from "../metrics.ts";
import type { SecurityEvents } from "../security-events.ts";
import { Alerts, alertRules } from "./alerts.ts";
import { foldSamples } from "./fold-samples.ts";
import { History, sampleMs, samplesPerMinute } from "./history.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { readPast, type Past } from "./past.ts";
import { difference, takeReading, type Reading } from "./take-reading.ts";

export interface RecorderOptions {
  readonly sources: MetricsSources;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly breaker: CircuitBreaker;
  readonly security: SecurityEvents;
  readonly latency: LatencyWindow;
  readonly journal: Journal;
}

const keptChanges = 100;
/** Most addresses that are kept over a restart and shown on the dashboard. */
const keptAddresses = 100;
const dayMs = 24 * 3_600_000;

/** Takes a sample every five seconds, evaluates alerts, and keeps the last day, over restarts too. */
export class Recorder {
  readonly history: History;
  readonly alerts: Alerts;
  readonly #options: RecorderOptions;
  readonly #latency = { sample: new LatencyHistogram(), minute: new LatencyHistogram() };
  readonly #breakerChanges: BreakerChange[];
  readonly #timer: Timer;
  readonly #listeners: ((minute: MonitorSample) => void)[] = [];
  #minute: MonitorSample[] = [];
  #reading: Reading;
  #readAt: number;
  #minuteAt: number;

  /** Continues from the journal of earlier processes. */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const { journal, clock } = options;
    return new Recorder(options, readPast(await journal.read(), clock.now()));
  }

  private constructor(options: RecorderOptions, past: Past) {
    const { sources, clock, breaker, security, latency, journal } = options;
    this.#options = options;
    this.history = new History(past.minutes, past.instance);
    const rules = alertRules(sources);
    this.alerts = new Alerts({ rules, past: past.alerts, onChanged: (alert) => this.#alertChanged(alert) });
    this.#breakerChanges = past.breakerChanges.slice(-keptChanges);
    security.restore(past.security);
    journal.rewrite(this.#entries());
    breaker.onChanged((state) => this.#breakerChanged({ state, at: new Date(clock.now()).toISOString() }));
    latency.onObserved((latencyMs) => {
      this.#latency.sample.observe(latencyMs);
      this.#latency.minute.observe(latencyMs);
    });
    this.#reading = takeReading(sources);
    this.#readAt = clock.monotonic();
    this.#minuteAt = clock.now();
    this.#timer = clock.setInterval(() => this.#sample(), sampleMs);
  }

  /** Oldest first. */
  get breakerChanges(): readonly BreakerChange[] {
    return this.#breakerChanges;
  }

  /** Calls the listener at the end of each minute, and of the part of one at the stop. */
  onMinute(listener: (minute: MonitorSample) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes in a minute of all nodes together. */
  addInstanceMinute(minute: MonitorSample, nodes: number): void {
    this.history.instance.add(minute, nodes);
    if (nodes > 1) this.#options.journal.append([{ kind: "instance", value: minute }]);
  }

  /** Records of the last day, latest first. */
  securityRecords() {
    const { security, clock } = this.#options;
    return security.recordsSince(clock.now() - dayMs, keptAddresses);
  }

  /** Also records the last, unfinished minute. */
  async stop(): Promise<void> {
    this.#timer.cancel();
    this.#endMinute();
    await this.#options.journal.settled();
  }

  #sample(): void {
    const { sources, clock } = this.#options;
    const reading = takeReading(sources);
    const now = clock.monotonic();
    const seconds = (now - this.#readAt) / 1_000;
    const time = { at: clock.now() / 1_000, seconds: Number(seconds.toFixed(3)) };
    const sample = { ...time, ...difference(this.#reading, reading), ...this.#latency.sample.take() };
    this.#reading = reading;
    this.#readAt = now;
    this.history.add(sample);
    this.alerts.observe(sample);
    this.#minute.push(sample);
    if (this.#minute.length >= samplesPerMinute) this.#endMinute();
  }

  #endMinute(): void {
    if (this.#minute.length === 0) return;
    const { journal, clock, security } = this.#options;
    const minute = foldSamples(this.#minute, this.#latency.minute.take());
    const noticed = security.recordsSince(this.#minuteAt, keptAddresses);
    this.#minute = [];
    this.#minuteAt = clock.now();
    this.history.addMinute(minute);
    for (const listener of this.#listeners) listener(minute);
    if (journal.isLong) journal.rewrite(this.#entries());
    else
      journal.append([
        { kind: "minute", value: minute },
        ...noticed.map((value) => ({ kind: "security", value }) as const),
      ]);
  }

  #alertChanged(alert: MonitorAlert): void {
    const { logger, journal } = this.#options;
    const { name, value, threshold } = alert;
    if (alert.cleared_at === null) logger.warn({ alert: name, value, threshold }, "alert raised");
    else logger.info({ alert: name }, "alert cleared");
    journal.append([{ kind: "alert", value: alert }]);
  }

  #breakerChanged(change: BreakerChange): void {
    this.#breakerChanges.push(change);
    if (this.#breakerChanges.length > keptChanges) this.#breakerChanges.shift();
    this.#options.journal.append([{ kind: "breaker", value: change }]);
  }

  #entries(): JournalEntry[] {
    return [
      ...this.history.minutes.map((value) => ({ kind: "minute", value }) as const),
      ...this.history.instance.shared.map((value) => ({ kind: "instance", value }) as const),
      ...this.alerts.all.map((value) => ({ kind: "alert", value }) as const),
      ...this.#breakerChanges.map((value) => ({ kind: "breaker", value }) as const),
      ...this.securityRecords().map((value) => ({ kind: "security", value }) as const),
    ];
  }
}
