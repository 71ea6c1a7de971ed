import type { BreakerState } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import { setDeadline } from "../concurrency/deadline.ts";

export interface Health {
  status: "healthy" | "unhealthy";
  checks: Record<string, "ok" | "failing" | BreakerState>;
}

export interface HealthOptions {
  readonly clock: Clock;
  /** Each resolves when the dependency answers. */
  readonly dependencies: Readonly<Record<string, () => Promise<void>>>;
  readonly breaker: { readonly state: BreakerState };
}

/**
 * Reuses the result of a check that costs a request or a disk access: a success for 30 s, a failure for 5 s. While a check
 * is running, no second one starts: each that hangs in a file system would hold a thread.
 */
export function reused(clock: Clock, check: () => Promise<void>): () => Promise<void> {
  let latest: Promise<void> | null = null;
  let staleAt = Number.POSITIVE_INFINITY;
  const keep = (ms: number) => void (staleAt = clock.monotonic() + ms);
  return () => {
    if (latest && clock.monotonic() < staleAt) return latest;
    staleAt = Number.POSITIVE_INFINITY;
    latest = check();
    latest.then(
      () => keep(successReusedMs),
      () => keep(failureReusedMs),
    );
    return latest;
  };
}

/** A dependency that takes longer counts as failing. */
const timeoutMs = 5_000;
/** How long a result is reused: several load balancers may probe at once. */
const freshMs = 1_000;
const successReusedMs = 30_000;
const failureReusedMs = 5_000;

/** Checks the dependencies of this node and the circuit breaker. */
export class HealthCheck {
  readonly #options: HealthOptions;
  #last: { at: number; health: Promise<Health> } | null = null;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  check(): Promise<Health> {
    const now = this.#options.clock.monotonic();
    if (!this.#last || now - this.#last.at >= freshMs) this.#last = { at: now, health: this.#ask() };
    return this.#last.health;
  }

  async #ask(): Promise<Health> {
    const { dependencies, breaker } = this.#options;
    const answers = await Promise.all(
      Object.entries(dependencies).map(async ([name, ask]) => [name, await this.#works(ask)] as const),
    );
    const checks: Health["checks"] = { ...Object.fromEntries(answers), circuit_breaker: breaker.state };
    const isHealthy = Object.values(checks).every((check) => check === "ok" || check === "closed");
    return { status: isHealthy ? "healthy" : "unhealthy", checks };
  }

  async #works(ask: () => Promise<void>): Promise<"ok" | "failing"> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setDeadline(this.#options.clock, () => reject(new Error("no answer")), timeoutMs);
    try {
      await Promise.race([ask(), late]);
      return "ok";
    } catch {
      return "failing";
    } finally {
      timer.cancel();
    }
  }
}
