import type { BreakerState } from "@miscord/protocol";
import type { Clock, Timer } from "../clock.ts";
import { AppError, OverloadError } from "../errors.ts";

interface BreakerSettings {
  /** This many failures within the window open the breaker. */
  readonly failureThreshold: number;
  readonly failureWindowMs: number;
  /** Time from opening to the first probe, and between probes. */
  readonly recoveryTimeoutMs: number;
}

export interface BreakerOptions {
  readonly settings: BreakerSettings;
  readonly clock: Clock;
  /** Resolves when the store and the bus work again. */
  readonly probe: () => Promise<void>;
}

/**
 * The circuit breaker of the store and the bus. While it is open, writes are refused at once instead of queueing; reads
 * are still tried, and their failures are counted. Errors caused by a client's request, or by load, are not failures.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #listeners: ((state: BreakerState) => void)[] = [];
  #state: BreakerState = "closed";
  #failedAt: number[] = [];
  #probeAt = 0;
  #timer: Timer | null = null;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  onChanged(listener: (state: BreakerState) => void): void {
    this.#listeners.push(listener);
  }

  /** @throws AppError `unavailable` unless closed */
  requireClosed(): void {
    if (this.#state === "closed") return;
    const retryAfterMs = Math.max(1_000, this.#probeAt - this.#options.clock.monotonic());
    throw new AppError("unavailable", "The database is not available at the moment.", { retryAfterMs });
  }

  /** Runs a write. Refused while open. @throws AppError `unavailable` when the write fails */
  async write<T>(work: () => Promise<T>): Promise<T> {
    this.requireClosed();
    return this.watch(work);
  }

  /** Runs a read, whatever the state. @throws AppError `unavailable` when it fails */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OverloadError || (error instanceof AppError && error.status < 500)) throw error;
      this.#failed();
      if (error instanceof AppError) throw error;
      throw new AppError("unavailable", "The database does not answer.", { cause: error, retryAfterMs: 1_000 });
    }
  }

  /** Probes at once when open: for dependencies that notice themselves that they work again. */
  probeNow(): void {
    if (this.#state !== "open") return;
    this.#timer?.cancel();
    void this.#probe();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #failed(): void {
    const { clock, settings } = this.#options;
    if (this.#state !== "closed") return;
    const now = clock.monotonic();
    this.#failedAt.push(now);
    if (this.#failedAt.length > settings.failureThreshold) this.#failedAt.shift();
    const isFull = this.#failedAt.length >= settings.failureThreshold;
    if (isFull && this.#failedAt[0]! > now - settings.failureWindowMs) this.#open();
  }

  #open(): void {
    const { clock, settings } = this.#options;
    this.#probeAt = clock.monotonic() + settings.recoveryTimeoutMs;
    this.#timer = clock.setTimeout(() => void this.#probe(), settings.recoveryTimeoutMs);
    this.#become("open");
  }

  async #probe(): Promise<void> {
    this.#become("half_open");
    try {
      await this.#options.probe();
    } catch {
      return this.#open();
    }
    this.#failedAt = [];
    this.#become("closed");
  }

  #become(state: BreakerState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
