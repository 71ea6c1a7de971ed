import type { Clock } from "../clock.ts";

/** `failed`: this node cannot serve until it is restarted. */
export type NodeState = "starting" | "ready" | "draining" | "failed";

/** A load balancer that has not asked for this long is gone. */
const balancerMs = 10_000;
/** Balancers ask every few seconds. The sockets are drained meanwhile, so a stop takes hardly longer. */
const noticeWithinMs = 3_000;

/**
 * Whether a load balancer shall send clients to this node. Stays `ready` while a dependency that all nodes share is down:
 * otherwise the balancer would take out every node at once.
 */
export class Readiness {
  readonly #clock: Clock;
  #state: NodeState = "starting";
  #askedAt = Number.NEGATIVE_INFINITY;
  #noticed: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  started(): void {
    if (this.#state === "starting") this.#state = "ready";
  }

  failed(): void {
    if (this.#state !== "draining") this.#state = "failed";
  }

  /** For anybody but a load balancer: it changes nothing. */
  get state(): NodeState {
    return this.#state;
  }

  /** The state, for a load balancer. */
  ask(): NodeState {
    this.#askedAt = this.#clock.monotonic();
    if (this.#state === "draining") this.#noticed();
    return this.#state;
  }

  /** Resolves when the load balancer has been told: at once without one, else at its next question, after 3 s at most. */
  async drain(): Promise<void> {
    this.#state = "draining";
    if (this.#clock.monotonic() - this.#askedAt > balancerMs) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#noticed = resolve;
    const timer = this.#clock.setTimeout(resolve, noticeWithinMs);
    await promise;
    timer.cancel();
  }
}
