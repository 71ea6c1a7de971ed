import { totalmem } from "node:os";
import { monitorEventLoopDelay, performance, type EventLoopUtilization } from "node:perf_hooks";
import type { Clock, Timer } from "../clock.ts";

const sampleMs = 5_000;
/** Each look at the delay of the event loop wakes the process, also while nobody does anything. */
const delayResolutionMs = 50;

export interface SystemFigures {
  readonly uptimeSeconds: number;
  readonly memoryBytes: number;
  /** Share of the memory that this process may use. */
  readonly memoryPercent: number;
  /** Share of one core. */
  readonly cpuPercent: number;
  /** Share of the time in which the event loop of the main thread was not idle. */
  readonly loopBusy: number;
  /** In seconds. */
  readonly eventLoopLagP99: number;
}

/** Resource usage of the process over the last few seconds. */
export class SystemSampler implements SystemFigures {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #delay: ReturnType<typeof monitorEventLoopDelay>;
  readonly #timer: Timer;
  #cpu = process.cpuUsage();
  #loop: EventLoopUtilization = performance.eventLoopUtilization();
  #sampledAt: number;
  cpuPercent = 0;
  loopBusy = 0;
  eventLoopLagP99 = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#sampledAt = this.#startedAt;
    this.#delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
    this.#delay.enable();
    this.#timer = clock.setInterval(() => this.#sample(), sampleMs);
  }

  get uptimeSeconds(): number {
    return Math.round((this.#clock.monotonic() - this.#startedAt) / 1_000);
  }

  get memoryBytes(): number {
    return process.memoryUsage.rss();
  }

  get memoryPercent(): number {
    const limit = process.constrainedMemory();
    return (100 * this.memoryBytes) / (limit > 0 && limit < totalmem() ? limit : totalmem());
  }

  stop(): void {
    this.#timer.cancel();
    this.#delay.disable();
  }

  #sample(): void {
    const now = this.#clock.monotonic();
    const { user, system } = process.cpuUsage(this.#cpu);
    this.cpuPercent = (user + system) / 10 / Math.max(1, now - this.#sampledAt);
    this.#cpu = process.cpuUsage();
    this.#sampledAt = now;
    const loop = performance.eventLoopUtilization();
    this.loopBusy = performance.eventLoopUtilization(loop, this.#loop).utilization;
    this.#loop = loop;
    // The histogram includes its own resolution.
    this.eventLoopLagP99 = Math.max(0, this.#delay.percentile(99) / 1e9 - delayResolutionMs / 1_000);
    this.#delay.reset();
  }
}
