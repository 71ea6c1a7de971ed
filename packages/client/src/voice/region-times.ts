import type { VoiceRegion } from "@miscord/protocol";
import type { Clock } from "../platform.ts";

/** Of each region; the first one also opens the connection, and takes longer for that. */
const samples = 4;
/** How long a call waits for the measurement, which goes on meanwhile for the next one. */
const mostMs = 1_200;
/** How long times are kept. */
const freshMs = 300_000;

export interface RegionTimesOptions {
  clock: Clock;
  /** The regions that there are to choose from. */
  list: () => Promise<readonly VoiceRegion[]>;
  /** Asks a region for an answer without content. Rejects when it cannot be reached. */
  ping: (region: VoiceRegion) => Promise<unknown>;
}

/** How far away the regions are from here: of several round trips the shortest, in milliseconds. */
export class RegionTimes {
  readonly #options: RegionTimesOptions;
  #times = new Map<string, number>();
  #measured: { at: number; done: Promise<void> } | null = null;

  constructor(options: RegionTimesOptions) {
    this.#options = options;
  }

  /** As the server takes them, `main:12,ams:80`; empty when there is nothing to choose from, or nothing is known yet. */
  get text(): string {
    return [...this.#times].map(([name, ms]) => `${name}:${ms}`).join(",");
  }

  /** Resolves once the times are known, or after a moment without all of them. Never rejects. */
  async measure(): Promise<void> {
    const { clock } = this.#options;
    if (this.#measured === null || clock.now() - this.#measured.at > freshMs) {
      this.#measured = { at: clock.now(), done: this.#measureAll() };
    }
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = clock.setTimeout(resolve, mostMs);
    await Promise.race([this.#measured.done, late]);
    timer.cancel();
  }

  async #measureAll(): Promise<void> {
    const times = new Map<string, number>();
    const regions = await this.#options.list().catch(() => []);
    this.#times = times;
    await Promise.all(regions.map((region) => this.#measureOne(region, times)));
  }

  async #measureOne(region: VoiceRegion, times: Map<string, number>): Promise<void> {
    const { clock, ping } = this.#options;
    if (!region.is_own && region.url === null && region.stun_url === null) return;
    for (let sample = 0; sample < samples; sample += 1) {
      const since = clock.now();
      try {
        await ping(region);
      } catch {
        return;
      }
      times.set(region.name, Math.min(clock.now() - since, times.get(region.name) ?? 60_000));
    }
  }
}
