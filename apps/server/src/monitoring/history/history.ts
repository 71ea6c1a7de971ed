import type { MonitorRange, MonitorSample } from "@miscord/protocol";
import { InstanceHistory } from "./instance-history.ts";

/** Samples of five seconds are kept for an hour, those of a minute for a day. */
export const sampleMs = 5_000;
export const samplesPerMinute = 12;
const kept = { recent: 720, minutes: 1_440 };
const rangeSeconds: Readonly<Record<MonitorRange, number>> = { "15m": 900, "1h": 3_600, "24h": 86_400 };

/** Samples of the last day in bounded memory: every five seconds for the last hour, every minute before that. */
export class History {
  readonly #recent: MonitorSample[] = [];
  readonly #minutes: MonitorSample[];
  readonly instance: InstanceHistory;

  /** @param shared minutes of all nodes together, from when there were several */
  constructor(minutes: readonly MonitorSample[], shared: readonly MonitorSample[] = []) {
    this.#minutes = minutes.slice(-kept.minutes);
    this.instance = new InstanceHistory(shared, this.#minutes);
  }

  get minutes(): readonly MonitorSample[] {
    return this.#minutes;
  }

  add(sample: MonitorSample): void {
    push(this.#recent, sample, kept.recent);
  }

  addMinute(sample: MonitorSample): void {
    push(this.#minutes, sample, kept.minutes);
  }

  /** In order of time; only samples that ended after `after`, in seconds since the epoch. */
  samples(range: MonitorRange, nowSeconds: number, after = 0): MonitorSample[] {
    const since = Math.max(after, nowSeconds - rangeSeconds[range]);
    return (range === "24h" ? this.#minutes : this.#finest()).filter(({ at }) => at > since);
  }

  /** Of all nodes together; this node's own while it has been alone all the time. */
  instanceSamples(range: MonitorRange, nowSeconds: number, after = 0): MonitorSample[] {
    const since = Math.max(after, nowSeconds - rangeSeconds[range]);
    return this.instance.samples(since) ?? this.samples(range, nowSeconds, after);
  }

  /** Samples of five seconds, preceded by the minutes from before the process started. */
  #finest(): MonitorSample[] {
    const first = this.#recent[0];
    if (!first) return [...this.#minutes];
    const startedAt = first.at - first.seconds;
    return [...this.#minutes.filter(({ at }) => at <= startedAt), ...this.#recent];
  }
}

function push(samples: MonitorSample[], sample: MonitorSample, limit: number): void {
  samples.push(sample);
  if (samples.length > limit) samples.shift();
}
