import { Random } from "../../../testing/random.ts";
import { quietSample } from "../../history/testing/quiet-sample.ts";
import type { Minute } from "../series.ts";

/** Changes the figures of a minute, as a fault does. */
export type Fault = (minute: Minute, sinceMinutes: number) => Partial<Minute>;

/** A community of some hundred people: evenings, weekends, growth of 3 % a week, and noise that lasts. */
export class Community {
  readonly #random: Random;
  #mood = 0;
  #garbage = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** The minute that ends at `at`, in seconds since the epoch. */
  minute(at: number): Minute {
    this.#mood = 0.97 * this.#mood + 0.02 * this.#normal();
    this.#garbage = this.#random.next() < 0.02 ? 0 : this.#garbage + this.#random.next() * 400_000;
    const people = Math.round(300 * rhythm(at) * Math.exp(this.#mood + 0.02 * this.#normal()));
    const received = this.#count(people * 0.6);
    const sent = Math.round(received * people * 0.2);
    const calls = Math.round(people * 0.08 * Math.exp(0.05 * this.#normal()));
    const busy = people / 1_000;
    return {
      ...quietSample({ at, seconds: 60 }),
      sockets: people,
      main_connections: people - calls,
      people: people - calls,
      voice_connections: calls,
      voice_participants: calls,
      memory_bytes: Math.round(180e6 + people * 60_000 + this.#garbage + 1.5e6 * this.#normal()),
      cpu_percent: Math.max(0.3, (2 + 30 * busy) * this.#about(0.08)),
      loop_busy: 0.015 + 0.26 * busy,
      event_loop_lag_p99: (0.002 + 0.004 * busy) * this.#about(0.3),
      messages_received: received + this.#count(people * 0.5),
      messages_sent: sent,
      bytes_received: Math.round((received * 180 + people * 90) * this.#about(0.05)),
      bytes_sent: Math.round(sent * 220 * this.#about(0.04)),
      frames_sent: Math.round(sent * 0.8),
      events_batched: received,
      batches_sent: Math.round(received * 0.8),
      arrivals: Math.round(people * 0.03),
      requests: this.#count(people * 1.5),
      reconnections: this.#count(people * 0.01),
      connection_errors: this.#count(0.1),
      auth_failures: this.#count(0.3),
      rate_limited: this.#count(0.1),
      failures: this.#random.next() < 0.002 ? 1 : 0,
      latency_p50: (0.003 + 0.002 * busy) * this.#about(0.1),
      latency_p99: (0.012 + 0.01 * busy) * this.#about(0.3),
      voice_rtt: calls < 2 ? null : 0.045 * this.#about(0.15),
      voice_jitter: calls < 2 ? null : 0.006 * this.#about(0.2),
      voice_loss: calls < 2 ? null : 0.004 * this.#about(0.4),
      database_latency: 0.0012 * this.#about(0.15),
      bus_latency: null,
      disk: null,
      database_bytes: null,
    };
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(this.#random.next() + 1e-12)) * Math.cos(2 * Math.PI * this.#random.next());
  }

  #about(spread: number): number {
    return Math.exp(spread * this.#normal());
  }

  /** Poisson, or its normal approximation above 30. */
  #count(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.#normal()));
    let count = -1;
    for (let left = Math.exp(mean); left > 1; left *= this.#random.next() || 1e-12) count += 1;
    return Math.max(0, count);
  }
}

/** Relative activity: a peak at eight in the evening, a smaller one at one, more at the weekend, and growth. */
function rhythm(at: number): number {
  const hour = (at / 3_600) % 24;
  const fromEvening = ((hour - 20 + 36) % 24) - 12;
  const bell = (distance: number, width: number) => Math.exp(-(distance * distance) / (2 * width * width));
  const day = 0.15 + bell(fromEvening, 3) + 0.35 * bell(hour - 13, 2.2);
  const isWeekend = Math.floor(at / 86_400) % 7 >= 5;
  return day * (isWeekend ? 1.4 : 1) * 1.03 ** ((at - startOfTime) / 604_800);
}

/** A Monday-like midnight from which communities grow. */
export const startOfTime = 604_800 * 2_900;
