import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../packages/client/src/connection/backoff.ts";
import type { Connection } from "./connection.ts";
import type { Fleet } from "./fleet.ts";
import { Samples, type Percentiles } from "./latencies.ts";

export interface ReconnectReport {
  /** Connections that were lost, and those of them that are established and synced again. */
  lost: number;
  back: number;
  /** Those that the server could not resume at their position. */
  unresumed: number;
  attempts: number;
  /** Milliseconds from the server's first answer after the restart until a connection was synced. */
  backMs: Percentiles;
}

/** Reconnects every lost connection as the SDK does: with its backoff, resuming from its position. */
export class Reconnects {
  #fleet: Fleet;
  readonly #returning = new Set<Connection>();
  #backAt: number[] = [];
  #lost = 0;
  #attempts = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    fleet.onClosed = (connection) => {
      // The socket of an attempt that took too long closes as well.
      if (this.#returning.has(connection)) return;
      this.#lost += 1;
      void this.#reconnect(connection);
    };
  }

  /** Resolves when all have reconnected or after `limitMs`. `readyAt`: milliseconds since the epoch. */
  async finish(readyAt: number, limitMs: number): Promise<ReconnectReport> {
    const deadline = performance.now() + limitMs;
    while (this.#backAt.length < this.#lost && performance.now() < deadline) await sleep(50);
    this.#fleet.onClosed = () => {};
    const backMs = new Samples();
    for (const at of this.#backAt) backMs.add(at - readyAt);
    const { unresumed } = this.#fleet;
    return {
      lost: this.#lost,
      back: this.#backAt.length,
      unresumed,
      attempts: this.#attempts,
      backMs: backMs.summary(),
    };
  }

  async #reconnect(connection: Connection): Promise<void> {
    this.#returning.add(connection);
    for (let attempt = 0; ; attempt += 1) {
      await sleep(backoffMs(attempt, Math.random));
      this.#attempts += 1;
      try {
        await this.#fleet.bringUp(connection);
        this.#backAt.push(Date.now());
        this.#returning.delete(connection);
        return;
      } catch {
        connection.drop();
      }
    }
  }
}
